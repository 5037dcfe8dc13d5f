import { closeSync, fdatasync, openSync } from "node:fs";

/** Has a file written down to the disk, without anybody waiting for it. */
export interface Syncer {
  (): void;
  close(): void;
}

/**
 * Syncs a file on a thread of the system's pool: while one sync is under way the next is only noted, so that a slow disk
 * gets no queue. Where it fails the commits are with the system all the same, which writes them within half a minute.
 */
export function createSyncer(path: string, sync: typeof fdatasync = fdatasync): Syncer {
  let file: number | undefined;
  let under = false;
  let again = false;
  let closed = false;

  function run(): void {
    if (closed) return;
    if (under) {
      again = true;
      return;
    }
    try {
      file ??= openSync(path, "r");
    } catch {
      // There is none before the first commit.
      return;
    }
    under = true;
    sync(file, () => {
      under = false;
      if (closed) done();
      else if (again) {
        again = false;
        run();
      }
    });
  }

  function done(): void {
    if (file !== undefined) closeSync(file);
    file = undefined;
  }

  return Object.assign(run, {
    close() {
      closed = true;
      // One that is under way closes the file behind itself.
      if (!under) done();
    },
  });
}
