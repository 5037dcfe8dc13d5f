import { resolve } from "node:path";
import { readArchive } from "../images/archive.ts";
import { type Image, images } from "../images/images.ts";
import { version } from "../../wire/version.ts";
import { kubectl, run, say, Told } from "./kubectl.ts";

const root = resolve(import.meta.dir, "../..");
export const imageNames = images.map(({ name }) => name);
export const archiveOf = (name: string): string => `${root}/dist/images/${name}.tar`;

export interface Images {
  /** `localhost/` or a registry's, with the slash. */
  prefix: string;
  /** Changes with the content, so that the same version built anew is rolled out. */
  build: string;
}

/**
 * The images that are deployed. With a registry's prefix they are pulled from there; otherwise those of `dist/images`
 * are built where they are missing, or are for other machines than the nodes, and put onto this machine's node: by
 * ATLHYPER_LOAD (a command that takes an archive's path), k3s or kind.
 */
export async function provideImages(registry: string | undefined): Promise<Images> {
  if (registry !== undefined) return { prefix: registry.replace(/\/*$/, "/"), build: version };
  const nodes = await kubectl("get", "nodes", "-o", "jsonpath={.items[*].status.nodeInfo.architecture}");
  const architectures = [...new Set(nodes.trim().split(/\s+/))];
  const lacking = images.find((image) => wantedOf(image, architectures).length === 0);
  if (lacking) throw new Told(`there is no image ${lacking.name} for nodes of ${architectures.join(", ")}`);
  if (!images.every((image) => isBuilt(image, wantedOf(image, architectures)))) {
    say("Building the images");
    const wanted = new Set(images.flatMap((image) => wantedOf(image, architectures)));
    await run(["bun", resolve(root, "manifests/images/main.ts"), ...wanted]);
  }
  const load = loader();
  if (!load)
    throw new Told(
      "nothing here can put images onto the nodes: push those of dist/images to a registry and name it (--registry " +
        "registry.example/atlhyper), or say in ATLHYPER_LOAD which command takes an archive's path",
    );
  const hasher = new Bun.CryptoHasher("sha256");
  for (const name of imageNames) {
    const file = archiveOf(name);
    say(`Loading ${file.slice(root.length + 1)}`);
    await run([...load, file]);
    hasher.update(readArchive(file)!.digest);
  }
  return { prefix: "localhost/", build: hasher.digest("hex").slice(0, 12) };
}

const wantedOf = (image: Image, architectures: readonly string[]) =>
  image.architectures.filter((one) => architectures.includes(one));

/** Whether there is an archive of this version for all of these kinds of machines. */
function isBuilt({ name }: Image, wanted: readonly string[]): boolean {
  const index = readArchive(archiveOf(name))?.index;
  const there = index?.manifests.map(({ platform }) => platform?.architecture);
  return (
    index?.annotations?.["org.opencontainers.image.version"] === version &&
    wanted.every((one) => there?.includes(one))
  );
}

function loader(): string[] | undefined {
  const given = process.env.ATLHYPER_LOAD?.trim();
  if (given) return given.split(/\s+/);
  if (Bun.which("k3s")) return ["k3s", "ctr", "images", "import"];
  if (Bun.which("kind")) return ["kind", "load", "image-archive"];
  return undefined;
}
