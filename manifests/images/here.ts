import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { ownTarget } from "../../probe/native/make/targets.ts";
import { run } from "../../probe/native/make/toolchain.ts";
import { type Architecture, layOut } from "./root.ts";
import { debianComponents } from "./sbom.ts";

/**
 * `bun manifests/images/here.ts FOLDER`: what is in the image of master and agent, for the kind of machine that this is
 * and of the Debian that it runs. So the Dockerfile has no list of files of its own.
 */
const [folder] = process.argv.slice(2);
const target = ownTarget();
if (folder === undefined || target === undefined) throw new Error("a folder, on Linux of amd64 or arm64");
mkdirSync(folder, { recursive: true });
const [, version = ""] = run(["dpkg-query", "--show", "libc6"]).trim().split("\t");
await layOut(resolve(folder), target.debian as Architecture, {
  libraries: join("/usr/lib", target.triplet),
  package: debianComponents([`libc6_${version}_${target.debian}`], [/^libc6$/]),
});
