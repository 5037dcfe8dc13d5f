import { expect, test } from "bun:test";
import { viewer } from "../testing/viewing.ts";
import { type RemoteWriteShown, remoteWriteSection } from "./remote-write.ts";

const shown: RemoteWriteShown = {
  target: "https://mimir.example",
  sent: 1_234_567,
  refused: 0,
  goneMs: 0,
  late: 0,
  retries: 0,
  waiting: { samples: 120, bytes: 2 ** 20 },
  maxBytes: 2 ** 26,
  lastSentMs: 1,
  newestMs: 1,
};
const text = (one: RemoteWriteShown | undefined) => String(remoteWriteSection(viewer("/settings"), one));

test("it says where to, what was sent and what waits, and of what did not happen nothing", () => {
  const page = text(shown);
  for (const part of ["https://mimir.example", "1,234,567", "120, in 1 MiB of 64 MiB", "Sending"])
    expect(page).toContain(part);
  for (const part of ["Refused", "no longer", "Catching", "Last error", "tried again"])
    expect(page).not.toContain(part);
});

test("it says that nothing is taken, why, and what is missing there", () => {
  const page = text({
    ...shown,
    failingSinceMs: 1,
    error: { atMs: 1, text: "503: <b>later" },
    refused: 5,
    goneMs: 7_200_000,
    behindSinceMs: 1,
    retries: 3,
  });
  for (const part of [
    "Not taken",
    "503: &lt;b&gt;later",
    "missing there",
    "Requests tried again",
    "Catching up",
    "120m",
  ])
    expect(page).toContain(part);
});

test("where it is off it says by which variables it comes on", () => {
  expect(text(undefined)).toContain("ATLHYPER_REMOTE_WRITE_URL");
});
