<?php
// What is known of the shared extensions, under a lock. The state is the content of the locked file: one short
// line, written by one call, so that it is never seen in part. It names the ledger, a file that never changes:
//
// ledger: placed      extension => version(s), main file and files that Berth placed
//         tree        extension => files of the present generation, by whomever
//         superseded  images that were the newest once
declare(strict_types=1);

namespace Berth\Extensions;

require_once __DIR__ . '/copy.php';

const LINE_BYTES = 512;
const EMPTY_LEDGER = ['placed' => [], 'tree' => [], 'superseded' => []];

/** The locked file of a volume, and what it says. */
final class State
{
    public int $generation = 0;
    public string $image = '';
    public bool $settled = true;
    private string $ledger = '';
    private string $line = '';

    private function __construct(public readonly string $folder, private mixed $file)
    {
        $this->line = $this->read();
        if ($this->line !== '') {
            ['generation' => $this->generation, 'image' => $this->image, 'settled' => $this->settled,
                'ledger' => $this->ledger] = $this->parse($this->line);
        }
    }

    /** Lock (LOCK_EX or LOCK_SH) and read. NFS drops a dead client's lock after 90 s: the wait is longer. */
    public static function open(string $folder, int $lock): self
    {
        $path = "$folder/.berth";
        try {
            is_dir($folder) || @mkdir($folder, 0755, recursive: true);
            $file = fopen($path, 'c+b');
        } catch (Failure $failure) {
            throw new Failure("cannot write to $folder; mount it writable for uid " . posix_getuid()
                . " ({$failure->getMessage()})");
        }
        $seconds = (int)(getenv('EXTENSIONS_WAIT_SECONDS') ?: 300);
        $deadline = microtime(true) + $seconds;
        while (!flock($file, $lock | LOCK_NB)) {
            if (microtime(true) >= $deadline) {
                throw new Failure("another container holds $path; gave up after $seconds s");
            }
            usleep(random_int(50_000, 250_000));
        }
        return new self($folder, $file);
    }

    /** Let go. Workers still running hold the lock with us: it belongs to the open file. */
    public function close(): void
    {
        fclose($this->file);
    }

    /** The ledger that the line names. */
    public function ledger(): array
    {
        if ($this->ledger === '') {
            return EMPTY_LEDGER;
        }
        $path = $this->ledger_path($this->ledger);
        $content = gzdecode(file_get_contents($path));
        if (substr(hash('sha256', $content), 0, 16) !== $this->ledger) {
            throw new Failure("$path is damaged; " . self::remedy($this->folder));
        }
        return unserialize($content, ['allowed_classes' => false]);
    }

    /** Whether the line is still what was read: a lock that was lost does not stop its holder. */
    public function is_current(): bool
    {
        return $this->read() === $this->line;
    }

    /** Make it known, ledger first. */
    public function write(array $ledger, int $generation, string $image, bool $settled): void
    {
        // Not JSON: a person's archive may bring names in any encoding.
        $content = serialize($ledger);
        $name = substr(hash('sha256', $content), 0, 16);
        $this->write_ledger($name, gzencode($content));
        if (!$this->is_current()) {
            throw new Failure("another container took over $this->folder; start again");
        }
        $line = json_encode(['generation' => $generation, 'image' => $image, 'settled' => $settled, 'ledger' => $name]);
        $line = str_pad($line, LINE_BYTES - 1) . "\n";
        rewind($this->file);
        fwrite($this->file, $line);
        fsync($this->file);
        $this->forget_ledgers([$name, $this->ledger]);
        [$this->generation, $this->image, $this->settled] = [$generation, $image, $settled];
        [$this->ledger, $this->line] = [$name, $line];
    }

    private function read(): string
    {
        rewind($this->file);
        return (string)fread($this->file, LINE_BYTES);
    }

    private function parse(string $line): array
    {
        $known = json_decode($line, true);
        $whole = strlen($line) === LINE_BYTES && isset($known['generation'], $known['image'], $known['settled']);
        if (!$whole || !isset($known['ledger'])) {
            throw new Failure("$this->folder/.berth is damaged; " . self::remedy($this->folder));
        }
        return $known;
    }

    private static function remedy(string $folder): string
    {
        return "remove $folder/.berth and replace every container: what differs from the image is kept then";
    }

    private function ledger_path(string $name): string
    {
        return "$this->folder/.berth-ledger-$name.gz";
    }

    private function write_ledger(string $name, string $content): void
    {
        $part = $this->ledger_path($name) . '.' . bin2hex(random_bytes(4));
        write_file($part, $content, 0644, time(), sync: true);
        rename($part, $this->ledger_path($name));
    }

    /** Remove ledgers, and parts of them, that are not among the given. */
    private function forget_ledgers(array $names): void
    {
        $kept = array_map($this->ledger_path(...), $names);
        foreach (array_diff(glob("$this->folder/.berth-ledger-*"), $kept) as $path) {
            @unlink($path);
        }
    }
}
