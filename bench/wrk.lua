-- One JSON line at the end: wrk's own text has no 95th percentile and rounds as it likes.
function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format('{"requests": %d, "microseconds": %d, "failed": %d, "p95_microseconds": %d}\n',
    summary.requests, summary.duration, failed, latency:percentile(95)))
end
