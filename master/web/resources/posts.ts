import { Elysia } from "elysia";
import { targetOfResource, type ResourceRef } from "../../../views/pages/resources/address.ts";
import type { Review } from "../../../views/pages/resources/object.ts";
import { commandHref } from "../../../views/parts/command.ts";
import { ProblemError, problem } from "../../../wire/problem.ts";
import type { UserPrincipal } from "../../access/principal.ts";
import { faultsOf, originOf, readForm } from "../action.ts";
import { textDifference } from "../../difference.ts";
import type { WebDeps } from "../deps.ts";
import type { FormState, Page } from "../page.ts";
import { seeOther } from "../respond.ts";
import { renderPage, userOf } from "../serve-page.ts";
import { createResource, drainNode, objectResource } from "./pages.ts";
import { readFor, refOf } from "./read.ts";

/** Of a form with a manifest in it: what the server takes of any form. */
const maxManifestBytes = 256 * 1024;

/** What the forms on the pages of any object do: review, apply, delete, reveal; and drain. */
export function resourcePosts(deps: WebDeps) {
  const raw = { parse: "none" } as const;
  const post =
    (page: Page, run: (asked: Asked) => Promise<Done>) =>
    ({ request, params }: { request: Request; params: unknown }) =>
      answer(deps, page, request, params as Record<string, string>, run);
  return new Elysia({ name: "resources" })
    .post(
      objectResource.path,
      post(objectResource, (asked) => object(asked, refOf(asked.params))),
      raw,
    )
    .post(createResource.path, post(createResource, create), raw)
    .post(drainNode.path, post(drainNode, drain), raw);
}

interface Asked {
  deps: WebDeps;
  user: UserPrincipal;
  request: Request;
  params: Record<string, string>;
  form: URLSearchParams;
}
/** On to a command, or the same page with something shown. */
type Done = { command: string } | { shown: Record<string, string> };

async function answer(
  deps: WebDeps,
  page: Page,
  request: Request,
  params: Record<string, string>,
  run: (asked: Asked) => Promise<Done>,
): Promise<Response> {
  const user = await userOf(deps, request);
  if (user instanceof Response) return user;
  const form = await readForm(request, maxManifestBytes);
  deps.access.checkForm(request, user, form.get("_csrf") ?? undefined);
  const state: FormState = { do: form.get("do") ?? "", values: valuesOf(form), faults: {}, shown: {} };
  let status = 200;
  try {
    const done = await run({ deps, user, request, params, form });
    if ("command" in done) return seeOther(commandHref(done.command));
    state.shown = done.shown;
  } catch (error) {
    if (!(error instanceof ProblemError) || ![409, 422].includes(error.problem.status)) throw error;
    state.faults = { ...faultsOf(error.problem), "": error.problem.detail ?? error.problem.title };
    status = 422;
  }
  const url = new URL(request.url);
  return renderPage(deps, page, request, url, user, params, { form: state, status });
}

/** What was entered, whole: a manifest that is shown again has to be all there. */
function valuesOf(form: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...form].filter(([name]) => name !== "_csrf" && name !== "do"));
}

async function object(asked: Asked, one: ResourceRef): Promise<Done> {
  const { deps, user, request, form } = asked;
  const target = targetOfResource(one);
  const { cluster } = one;
  switch (form.get("do")) {
    case "review":
      return review(asked, one, form.get("hash") || undefined);
    case "again":
      return { shown: {} };
    case "apply":
      return apply(asked, one);
    case "reveal":
      return { shown: {} };
    case "delete": {
      const { id } = await deps.control.enqueue(user, originOf(request), {
        cluster,
        type: "ResourceDelete",
        target,
        args: { propagation: form.get("propagation") ?? "Background" },
      });
      return { command: id };
    }
    default:
      throw problem(404, "there is no such form");
  }
}

async function create(asked: Asked): Promise<Done> {
  const { form, request } = asked;
  const cluster = new URL(request.url).searchParams.get("cluster") ?? "";
  if (form.get("do") === "again") return { shown: {} };
  const one = named(cluster, form.get("manifest") ?? "");
  return form.get("do") === "apply" ? apply(asked, one) : review(asked, one, undefined);
}

/** Which object a manifest is of; the agent looks at the rest. */
function named(cluster: string, manifest: string): ResourceRef {
  const wrong = (detail: string) => problem(422, detail, { pointer: "/manifest" });
  let value: {
    apiVersion?: unknown;
    kind?: unknown;
    metadata?: { name?: unknown; namespace?: unknown };
  } | null;
  try {
    value = Bun.YAML.parse(manifest) as typeof value;
  } catch (error) {
    throw wrong(`the manifest is not YAML: ${(error as Error).message}`);
  }
  const { apiVersion, kind, metadata } = value ?? {};
  const { name, namespace = "" } = metadata ?? {};
  if (
    ![apiVersion, kind, name].every((one) => typeof one === "string" && one !== "") ||
    typeof namespace !== "string"
  )
    throw wrong("a manifest has apiVersion, kind, and metadata with a name");
  return { cluster, apiVersion: apiVersion as string, kind: kind as string, namespace, name: name as string };
}

interface DryRun {
  before?: string;
  after: string;
  conflicts: Review["conflicts"];
  expect: { hash?: string; absent?: boolean };
}

async function review(asked: Asked, one: ResourceRef, hash: string | undefined): Promise<Done> {
  const { deps, user, request, form } = asked;
  const manifest = textOf(form);
  const read = await readFor<DryRun>(deps, user, originOf(request), {
    cluster: one.cluster,
    type: "ResourceApply",
    target: targetOfResource(one),
    args: { manifest, dryRun: true, ...(hash ? { expect: { hash } } : {}) },
  });
  if ("problem" in read) throw problem(422, read.problem, { pointer: "/manifest" });
  const { before, after, conflicts, expect } = read.data;
  const shown: Review = {
    difference: textDifference(before ?? "", after),
    conflicts,
    creates: before === undefined,
    expect: JSON.stringify(expect),
    manifest,
    idem: crypto.randomUUID(),
  };
  return { shown: { review: JSON.stringify(shown) } };
}

async function apply({ deps, user, request, form }: Asked, one: ResourceRef): Promise<Done> {
  let expect: unknown;
  try {
    expect = JSON.parse(form.get("expect") ?? "");
  } catch {
    throw problem(422, "review the change first", { pointer: "/manifest" });
  }
  const { id } = await deps.control.enqueue(user, originOf(request), {
    cluster: one.cluster,
    type: "ResourceApply",
    target: targetOfResource(one),
    args: {
      manifest: textOf(form),
      expect: expect as Record<string, unknown>,
      ...(form.get("force") === "1" ? { force: true } : {}),
    },
    ...idemOf(form),
  });
  return { command: id };
}

async function drain({ deps, user, request, params, form }: Asked): Promise<Done> {
  const { cluster = "", node = "" } = params;
  const number = (name: string, least: number): number | undefined => {
    const text = form.get(name)?.trim() ?? "";
    if (text === "") return undefined;
    const value = Number(text);
    if (!Number.isInteger(value) || value < least || value > 1440)
      throw problem(422, `a whole number from ${least} to 1440`, { pointer: `/${name}` });
    return value;
  };
  const grace = number("grace", 0);
  const minutes = number("timeout", 1) ?? 60;
  const { id } = await deps.control.enqueue(user, originOf(request), {
    cluster,
    type: "NodeDrain",
    target: { node },
    args: {
      deleteEmptyDirData: form.get("deleteEmptyDirData") === "1",
      force: form.get("force") === "1",
      timeoutSeconds: minutes * 60,
      ...(grace === undefined ? {} : { gracePeriodSeconds: grace }),
    },
    ...idemOf(form),
  });
  return { command: id };
}

/** Browsers send line ends as CRLF, which YAML would keep within its block texts. */
const textOf = (form: URLSearchParams) => (form.get("manifest") ?? "").replace(/\r\n/g, "\n");

function idemOf(form: URLSearchParams): { idem?: string } {
  const idem = form.get("idem") ?? "";
  return /^[\w-]{8,64}$/.test(idem) ? { idem: `form:${idem}` } : {};
}
