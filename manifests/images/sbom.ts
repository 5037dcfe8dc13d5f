import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { version } from "../../wire/version.ts";

const root = resolve(import.meta.dir, "../..");

export interface Component {
  type: "library" | "framework" | "application";
  name: string;
  version: string;
  purl?: string;
  licenses?: { license: { id: string } }[];
}
interface Locked {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  license?: string;
}

/** What is in an image, as CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json): `name` and its components. */
export function sbom(name: string, components: readonly Component[]): string {
  const document = {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      component: { type: "application", name, version, licenses: [{ license: { id: "Apache-2.0" } }] },
    },
    components,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** The packages that are compiled into `atlhyper`: all of the lock file that are not for development. */
export function npmComponents(): Component[] {
  const lock = JSON.parse(readFileSync(resolve(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, Locked>;
  };
  return Object.entries(lock.packages)
    .filter(([path, one]) => path !== "" && !one.dev && !one.optional && one.version !== undefined)
    .map(([path, one]): Component => {
      const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
      return {
        type: "library",
        name,
        version: one.version!,
        purl: `pkg:npm/${name.replace(/^@/, "%40")}@${one.version}`,
        ...(one.license && /^[\w.-]+$/.test(one.license)
          ? { licenses: [{ license: { id: one.license } }] }
          : {}),
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Packages of Debian, by the names of their files: `libc6_2.41-12_amd64.deb`. */
export function debianComponents(files: readonly string[], names: readonly RegExp[]): Component[] {
  return files.flatMap((file): Component[] => {
    const [name = "", packaged = "", rest = ""] = file.split("_");
    if (!names.some((one) => one.test(name))) return [];
    const escaped = decodeURIComponent(packaged);
    const architecture = rest.replace(/\.deb$/, "");
    return [
      {
        type: "library",
        name,
        version: escaped,
        purl: `pkg:deb/debian/${name}@${escaped}?arch=${architecture}`,
      },
    ];
  });
}
