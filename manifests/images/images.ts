import { version } from "../../wire/version.ts";
import { type Architecture, architectures, probeRoot, productArchitectures, productRoot } from "./root.ts";

/** An image that is built: what is in it, and how it is run. */
export interface Image {
  name: string;
  title: string;
  description: string;
  entrypoint: string;
  user: string;
  environment?: Record<string, string>;
  /** A folder that belongs to who runs, and in which they start. */
  data?: string;
  architectures: readonly Architecture[];
  /** Makes a folder of everything that is in it; gives its bill of materials. */
  root(folder: string, architecture: Architecture, toolchain: string): Promise<string>;
}

export const images: readonly Image[] = [
  {
    name: "atlhyper",
    title: "AtlHyper",
    description: "Kubernetes observability and control: master and agent",
    entrypoint: "/usr/bin/atlhyper",
    user: "65532:65532",
    environment: { ATLHYPER_DATA: "/data" },
    data: "/data",
    architectures: productArchitectures,
    root: productRoot,
  },
  {
    name: "atlhyper-probe",
    title: "AtlHyper probe",
    description: "One node's metrics",
    entrypoint: "/atlhyper-probe",
    user: "65534:65534",
    architectures,
    root: probeRoot,
  },
];

export const referenceOf = (image: Image): string => `localhost/${image.name}:${version}`;

/** What is said of an image, the same for every kind of machine. */
export const annotationsOf = (image: Image): Record<string, string> =>
  Object.fromEntries(
    Object.entries({
      title: image.title,
      description: image.description,
      version,
      licenses: "Apache-2.0",
      vendor: "AtlHyper",
    }).map(([key, value]) => [`org.opencontainers.image.${key}`, value]),
  );
