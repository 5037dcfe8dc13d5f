import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { FilesystemSize, Host } from "../host.ts";
import { gzip } from "../host/gzip.ts";

/**
 * A recorded machine. Its file has a section for each file of the machine, `== /path`, and with
 * `== later /path` what that file holds 5 s later; `== /path -> target` is a link, and `== statfs /path`
 * has total, free and available bytes, inodes and free inodes. ␀ stands for a NUL.
 */
export interface Fixture {
  files: Map<string, string>;
  later: Map<string, string>;
  links: Map<string, string>;
  sizes: Map<string, FilesystemSize>;
}

export const machines = ["x86-server", "raspberry-pi-4", "raspberry-pi-4-32-bit", "raspberry-pi-5"] as const;

export function loadFixture(machine: (typeof machines)[number]): Fixture {
  return parseFixture(readFileSync(join(import.meta.dir, "../testdata", `${machine}.txt`), "utf8"));
}

function parseFixture(text: string): Fixture {
  const fixture: Fixture = { files: new Map(), later: new Map(), links: new Map(), sizes: new Map() };
  for (const section of text.split(/^== /m).slice(1)) {
    const end = section.indexOf("\n");
    const title = section.slice(0, end);
    const body = section.slice(end + 1).replaceAll("␀", "\0");
    const [path = "", target] = title.split(" -> ");
    if (target) fixture.links.set(path, target);
    else if (path.startsWith("statfs ")) {
      const [total = 0, free = 0, available = 0, inodes = 0, inodesFree = 0] = body
        .trim()
        .split(" ")
        .map(Number);
      fixture.sizes.set(path.slice(7), { total, free, available, inodes, inodesFree });
    } else if (path.startsWith("later ")) fixture.later.set(path.slice(6), body);
    else fixture.files.set(path, body);
  }
  return fixture;
}

/** A machine made of a fixture; `pass` moves its clock, and shows its later files from then on. */
export type FixtureHost = Host & { pass(ms: number): void };

export function fixtureHost(fixture: Fixture): FixtureHost {
  let clock = 1000;
  let passed = false;
  const folders = new Map<string, Set<string>>();
  for (const path of [...fixture.files.keys(), ...fixture.links.keys()]) {
    const parts = path.split("/");
    for (let depth = 1; depth < parts.length; depth++) {
      const folder = parts.slice(0, depth).join("/") || "/";
      folders.set(folder, (folders.get(folder) ?? new Set()).add(parts[depth]!));
    }
  }
  return {
    readText: (path) => (passed ? fixture.later.get(path) : undefined) ?? fixture.files.get(path),
    list(path) {
      const names = folders.get(path);
      return names && [...names];
    },
    readLink: (path) => fixture.links.get(path),
    statfs: (path) => fixture.sizes.get(path),
    monotonicMs: () => clock,
    wallMs: () => Date.UTC(2025, 10, 23, 12) + clock,
    after: () => () => {},
    connect: () => Promise.reject(new Error("a recorded machine has no network")),
    gzip,
    environment: () => ({}),
    hostname: () => "recorded",
    printError() {},
    pass(ms) {
      clock += ms;
      passed = true;
    },
  };
}

/** Writes a fixture's files and links below a folder. */
export function unpack(fixture: Fixture, folder: string): void {
  const write = (path: string, put: (at: string) => void) => {
    const at = folder + path;
    mkdirSync(dirname(at), { recursive: true });
    put(at);
  };
  for (const [path, target] of fixture.links) {
    write(path, (at) => {
      mkdirSync(join(dirname(at), target), { recursive: true });
      symlinkSync(target, at);
    });
  }
  for (const [path, text] of fixture.files) write(path, (at) => writeFileSync(at, text));
}
