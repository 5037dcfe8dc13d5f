/**
 * All that the probe asks of the machine. Everything else in `probe/` is plain ES2023, so that the same
 * source runs on Bun and, compiled, on QuickJS: whatever stands here has to be written there again in C.
 *
 * Reading is synchronous: /proc and /sys are memory of the kernel, and a read takes some microseconds.
 */
export interface Host {
  /**
   * A file's text, read to its end (no further than 4 MiB); bytes that are not UTF-8 become U+FFFD.
   * Undefined when it cannot be read, for whatever reason: a process may be gone between two reads, a
   * sensor may be asleep, and neither is worth an exception.
   */
  readText(path: string): string | undefined;
  /** The names in a folder, in no particular order; undefined when it cannot be listed. */
  list(path: string): string[] | undefined;
  /** Where a symbolic link points, as it is written there. */
  readLink(path: string): string | undefined;
  /** The filesystem a path is on. Blocks for as long as the filesystem does: never ask it of a network mount. */
  statfs(path: string): FilesystemSize | undefined;

  /** Milliseconds, with fractions, since some moment; never goes backwards. */
  monotonicMs(): number;
  /** Milliseconds since 1970. */
  wallMs(): number;
  /** Runs something once, later; the answer calls it off. */
  after(ms: number, run: () => void): () => void;

  /** A TCP connection, with Nagle's algorithm off. Rejects when there is none within the time. */
  connect(address: string, port: number, timeoutMs: number, events: ConnectionEvents): Promise<Connection>;

  /** A text in UTF-8, gzipped. The same text gives the same bytes each time, but other bytes on other hosts. */
  gzip(text: string): Uint8Array;
  environment(): Record<string, string | undefined>;
  hostname(): string;
  /** Writes a line to standard error. */
  printError(line: string): void;
}

/** As statfs(2) tells it, in bytes and inodes. `available` is what users other than root may still take. */
export interface FilesystemSize {
  total: number;
  free: number;
  available: number;
  inodes: number;
  inodesFree: number;
}

export interface ConnectionEvents {
  received(bytes: Uint8Array): void;
  /** Called once, also after `close()`. */
  closed(): void;
}

export interface Connection {
  /** Queues what the kernel does not take at once. */
  send(bytes: Uint8Array): void;
  close(): void;
}
