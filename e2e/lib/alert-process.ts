import { join } from "node:path";

/** A master in a process of its own, that may be killed. */
export async function startProcess(folder: string) {
  const fixture = join(import.meta.dir, "../../master/alert/master.fixture.ts");
  const child = Bun.spawn([process.execPath, fixture, folder], { stdout: "pipe", stderr: "inherit" });
  const { value } = await child.stdout.getReader().read();
  return { child, url: new TextDecoder().decode(value).trim() };
}
