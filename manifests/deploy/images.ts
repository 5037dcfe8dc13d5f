import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { version } from "../../wire/version.ts";
import { kubectl, run, say, Told } from "./kubectl.ts";

const root = resolve(import.meta.dir, "../..");
export const imageNames = ["atlhyper", "atlhyper-probe"] as const;

export interface Images {
  /** `localhost/` or a registry's, with the slash. */
  prefix: string;
  /** Changes with the content, so that the same version built anew is rolled out. */
  build: string;
}

/**
 * The images that are deployed. With a registry's prefix they are pulled from there; otherwise those of `dist/images`
 * are built where they are missing and put onto this machine's node: by ATLHYPER_LOAD (a command that takes an archive's
 * path), k3s or kind.
 */
export async function provideImages(registry: string | undefined): Promise<Images> {
  if (registry !== undefined) return { prefix: registry.replace(/\/*$/, "/"), build: version };
  const nodes = await kubectl("get", "nodes", "-o", "jsonpath={.items[*].status.nodeInfo.architecture}");
  const architectures = [...new Set(nodes.trim().split(/\s+/))];
  const known = architectures.filter((one) => one === "amd64" || one === "arm64");
  if (known.length === 0) throw new Told(`there are no images for nodes of ${architectures.join(", ")}`);
  const files = known.flatMap((one) => imageNames.map((name) => `${root}/dist/images/${name}-${one}.tar`));
  if (files.some((file) => !existsSync(file))) {
    say("Building the images");
    await run(["bun", resolve(root, "manifests/images/main.ts"), ...known]);
  }
  const load = loader();
  if (!load)
    throw new Told(
      "nothing here can put images onto the nodes: push those of dist/images to a registry and name it (--registry " +
        "registry.example/atlhyper), or say in ATLHYPER_LOAD which command takes an archive's path",
    );
  const hasher = new Bun.CryptoHasher("sha256");
  for (const file of files) {
    say(`Loading ${file.slice(root.length + 1)}`);
    await run([...load, file]);
    hasher.update(readFileSync(file));
  }
  return { prefix: "localhost/", build: hasher.digest("hex").slice(0, 12) };
}

function loader(): string[] | undefined {
  const given = process.env.ATLHYPER_LOAD?.trim();
  if (given) return given.split(/\s+/);
  if (Bun.which("k3s")) return ["k3s", "ctr", "images", "import"];
  if (Bun.which("kind")) return ["kind", "load", "image-archive"];
  return undefined;
}
