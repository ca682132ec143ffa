"""Applications: each describes its container as a `Workload`, and knows no cloud."""
