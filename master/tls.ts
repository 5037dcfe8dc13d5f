import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { ConfigError } from "../kit/env.ts";

/** A certificate (with its chain) and its key, as PEM. */
export interface Pair {
  cert: string;
  key: string;
}

/** Where they are; both empty for plain HTTP. */
export interface PairFiles {
  tlsCert: string;
  tlsKey: string;
}

/** Reads both files; throws an Error that says which of them is wrong, and how. */
function readPair({ tlsCert, tlsKey }: PairFiles): Pair {
  const cert = read("ATLHYPER_TLS_CERT", tlsCert);
  const key = read("ATLHYPER_TLS_KEY", tlsKey);
  const certificate = attempt(
    `ATLHYPER_TLS_CERT: ${tlsCert} is no certificate in PEM`,
    () => new X509Certificate(cert),
  );
  const privateKey = attempt(`ATLHYPER_TLS_KEY: ${tlsKey} is no private key in PEM`, () =>
    createPrivateKey(key),
  );
  if (!certificate.checkPrivateKey(privateKey))
    throw new Error(`ATLHYPER_TLS_KEY: ${tlsKey} is not the key of the certificate in ${tlsCert}`);
  return { cert, key };
}

/** At the start: what is wrong with the files is a fault of the configuration. */
export function pairAtStart(files: PairFiles): Pair | undefined {
  if (files.tlsCert === "" && files.tlsKey === "") return undefined;
  const missing =
    files.tlsCert === "" ? "ATLHYPER_TLS_CERT" : files.tlsKey === "" ? "ATLHYPER_TLS_KEY" : undefined;
  if (missing) throw new ConfigError([`${missing} is not set: certificate and key come together`]);
  try {
    return readPair(files);
  } catch (error) {
    throw new ConfigError([(error as Error).message]);
  }
}

export function expiryOf({ cert }: Pair): string {
  return new Date(new X509Certificate(cert).validTo).toISOString();
}

function read(name: string, path: string): string {
  return attempt(`${name}: ${path} cannot be read`, () => readFileSync(path, "utf8"));
}

/** The texts of faults may hold what was in the files: only ours are told. */
function attempt<T>(otherwise: string, work: () => T): T {
  try {
    return work();
  } catch {
    throw new Error(otherwise);
  }
}

/**
 * Looks every now and then whether the files have changed, and hands over a new pair. By content: links that
 * Kubernetes swaps and tools that write in place look the same to it. What is wrong is told once, at the second
 * look in a row, since certificate and key are rarely written in the same instant.
 */
export function watchPair(
  files: PairFiles,
  current: Pair,
  everyMs: number,
  on: { changed(pair: Pair): void; refused(why: string): void },
): { stop(): void } {
  let known = current;
  let trouble = "";
  let told = "";
  const timer = setInterval(() => {
    let pair: Pair;
    try {
      pair = readPair(files);
      if (pair.cert === known.cert && pair.key === known.key) {
        trouble = told = "";
        return;
      }
      on.changed(pair);
    } catch (error) {
      const why = (error as Error).message;
      if (why === trouble && why !== told) {
        told = why;
        on.refused(why);
      }
      trouble = why;
      return;
    }
    known = pair;
    trouble = told = "";
  }, everyMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
