import type { FilesystemSize } from "../host.ts";

/**
 * What the C part in `probe/native/` gives to the source that runs on QuickJS. Nothing in it blocks but `wait`.
 * Sockets are known by a small number.
 */
export interface Native {
  /** What may be read is below the roots named here, and no link leads out of the innermost that a path is in. */
  root(path: string): void;
  readText(path: string): string | undefined;
  list(path: string): string[] | undefined;
  readLink(path: string): string | undefined;
  statfs(path: string): FilesystemSize | undefined;

  /** A socket that connects to an address in digits. Throws when there is none, or the network is unreachable. */
  open(address: string, port: number, datagram: boolean): number;
  /** To be asked once when a TCP socket is ready: throws why it could not connect. */
  connected(socket: number): void;
  /** How many of the bytes behind `from` the kernel took. Throws when the connection is broken. */
  send(socket: number, bytes: Uint8Array, from: number): number;
  /** Undefined when nothing has come, null when nothing more will. */
  receive(socket: number): Uint8Array | undefined | null;
  close(socket: number): void;
  /** Waits until a socket is ready, and gives it; -1 when the time is up, -2 when the process is told to stop. */
  wait(ms: number): number;

  monotonicMs(): number;
  wallMs(): number;
  /** 16 bits that nobody can guess. */
  random(): number;

  gzip(text: string): Uint8Array;

  readonly arguments: string[];
  environment(): string[];
  hostname(): string;
  print(text: string): void;
  printError(text: string): void;
  /** Names the function that is called over and over, until it gives the process's exit code. */
  run(turn: () => number | undefined): void;
}
