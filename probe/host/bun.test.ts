import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bunHost } from "./bun.ts";

const host = bunHost();

function withFolder(run: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "host-"));
  try {
    run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("a file is read to its end, also one larger than the buffer, and no further than 4 MiB", () => {
  withFolder((folder) => {
    const path = join(folder, "file");
    for (const length of [0, 1, 65_535, 65_536, 65_537, 1_000_000, 4 * 2 ** 20, 5_000_000]) {
      writeFileSync(path, "x".repeat(length));
      expect(host.readText(path)!.length).toBe(Math.min(length, 4 * 2 ** 20));
    }
    writeFileSync(path, "short");
    expect(host.readText(path)).toBe("short");
  });
});

test("bytes that are not UTF-8 do no harm", () => {
  withFolder((folder) => {
    const path = join(folder, "file");
    writeFileSync(path, Buffer.from([0x61, 0xff, 0xfe, 0xc3, 0x62, 0x00]));
    expect(host.readText(path)).toMatch(/^a\ufffd+b\0$/);
  });
});

test("what cannot be read is undefined", () => {
  expect(host.readText("/nowhere")).toBeUndefined();
  expect(host.readText("/")).toBeUndefined();
  expect(host.list("/nowhere")).toBeUndefined();
  expect(host.readLink("/nowhere")).toBeUndefined();
  expect(host.statfs("/nowhere")).toBeUndefined();
});

test("folders, links and filesystems are told as they are", () => {
  withFolder((folder) => {
    writeFileSync(join(folder, "a"), "");
    symlinkSync("../elsewhere", join(folder, "b"));
    expect(host.list(folder)!.sort()).toEqual(["a", "b"]);
    expect(host.readLink(join(folder, "b"))).toBe("../elsewhere");
    const size = host.statfs(folder)!;
    expect(size.total).toBeGreaterThan(size.free);
    expect(size.free).toBeGreaterThanOrEqual(size.available);
    expect(size.inodes).toBeGreaterThan(size.inodesFree);
  });
});

test("reading does not leak file handles", () => {
  const handles = () => host.list("/proc/self/fd")?.length ?? 0;
  const before = handles();
  for (let count = 0; count < 2000; count++) host.readText(count % 2 ? "/etc/hostname" : "/");
  expect(handles()).toBeLessThanOrEqual(before + 2);
});

test("a timer can be called off", async () => {
  let ran = 0;
  host.after(1, () => ran++);
  host.after(1, () => ran++)();
  await Bun.sleep(15);
  expect(ran).toBe(1);
});

test("where there is no server a connection is refused", async () => {
  const server = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const { port } = server;
  server.stop(true);
  const events = { received() {}, closed() {} };
  await expect(host.connect("127.0.0.1", port, 1000, events)).rejects.toThrow();
});

test("a name that does not exist is told as such", async () => {
  const events = { received() {}, closed() {} };
  await expect(host.connect("agent.invalid", 80, 5000, events)).rejects.toThrow();
});

test("no link leads out of the innermost root that a file is in", () => {
  withFolder((folder) => {
    const root = join(folder, "root");
    const sys = join(root, "sys");
    mkdirSync(join(sys, "class"), { recursive: true });
    writeFileSync(join(folder, "secret"), "secret");
    writeFileSync(join(root, "near"), "near");
    writeFileSync(join(sys, "own"), "own");
    const kept = bunHost(["/", root, sys]);
    for (const [name, target, text] of [
      ["out", "../../secret", undefined],
      ["absolute", join(folder, "secret"), undefined],
      ["up", "../near", undefined],
      ["within", "class/../own", "own"],
      ["gone", "nowhere", undefined],
    ] as const) {
      symlinkSync(target, join(sys, name));
      expect(kept.readText(join(sys, name)), name).toBe(text);
      // The link itself may be read, which follows nothing.
      expect(kept.readLink(join(sys, name))).toBe(target);
    }
    symlinkSync("sys/own", join(root, "down"));
    expect(kept.readText(join(root, "down"))).toBe("own");
    symlinkSync(folder, join(sys, "folder"));
    expect(kept.list(join(sys, "folder"))).toBeUndefined();
    expect(kept.statfs(join(sys, "folder"))).toBeUndefined();
    expect(kept.readText(join(sys, "folder", "secret"))).toBeUndefined();
    expect(kept.list(join(sys, "class"))).toEqual([]);
    expect(kept.readText(join(folder, "secret"))).toBe("secret");
  });
});
