import { targetOfResource } from "../../../views/pages/resources/address.ts";
import { type DrainPlan, drainPage } from "../../../views/pages/resources/drain.ts";
import { type KindInfo, kindPage, kindsPage, type KindTable } from "../../../views/pages/resources/lists.ts";
import {
  editPart,
  type ObjectYaml,
  type Review,
  resourceHead,
  reviewPart,
  yamlPart,
} from "../../../views/pages/resources/object.ts";
import { resourceHref, resourcePath } from "../../../views/pages/resources/address.ts";
import { clusterName } from "../../../views/viewing.ts";
import { html, type Html } from "../../../views/html.ts";
import { pageHref } from "../../../views/parts/links.ts";
import type { Page } from "../page.ts";
import { clusterNamed, readFor, refOf } from "./read.ts";

/** Every kind that a cluster has. */
export const kindsOfCluster: Page = {
  path: "/resources/:cluster",
  nav: "config",
  topics: [],
  async load({ v, deps, user, params, from, live }) {
    const title = v.t.resources.title;
    const cluster = clusterNamed(deps, params.cluster!);
    if (live) return { title, fragments: {} };
    const command = { cluster, type: "ResourceList", target: {}, args: { kinds: true } } as const;
    const read = await readFor<{ kinds: KindInfo[] }>(deps, user, from, command);
    return { title, fragments: kindsPage(v, cluster, read) };
  },
};

/** The objects of one kind. */
export const objectsOfKind: Page = {
  path: "/resources/:cluster/:api/:kind",
  nav: "config",
  topics: [],
  async load({ v, deps, user, params, from, live }) {
    const { cluster, apiVersion, kind } = refOf(params);
    clusterNamed(deps, cluster);
    if (live) return { title: kind, fragments: {} };
    const next = v.query.get("continue")?.slice(0, 10_000);
    const list = (ns: string | undefined) =>
      readFor<KindTable>(deps, user, from, {
        cluster,
        type: "ResourceList",
        target: { apiVersion, kind, ...(ns ? { ns } : {}) },
        args: next ? { continue: next } : {},
      });
    let read = await list(v.scope.namespace);
    // What is in no namespace is the same in all of them.
    if (v.scope.namespace && "code" in read && read.code === "BadRequest") read = await list(undefined);
    return { title: kind, fragments: kindPage(v, { cluster, apiVersion, kind }, read) };
  },
};

/** One object as YAML, its editor, and the review of a change. */
export const objectResource: Page = {
  path: "/resources/:cluster/:api/:kind/:namespace/:name",
  nav: "config",
  topics: [],
  async load({ v, deps, user, params, from, live, form }) {
    const one = refOf(params);
    clusterNamed(deps, one.cluster);
    if (live) return { title: one.name, fragments: {} };
    const t = v.t.resources;
    const action = resourcePath(one);
    const secret = one.apiVersion === "v1" && one.kind === "Secret";
    const edits = v.query.get("edit") === "1" || form?.do === "review" || form?.do === "again";
    const head = resourceHead(v, one, edits || form?.do === "apply" ? "edit" : "yaml");
    const review = form?.shown.review;
    if (review) {
      const fragments: Record<string, Html> = {
        head,
        review: reviewPart(v, action, JSON.parse(review) as Review),
      };
      return { title: one.name, fragments };
    }
    const fault = form?.faults.manifest ?? form?.faults[""];
    const editor = (manifest: string, hash?: string) =>
      editPart(v, action, manifest, {
        ...(hash ? { hash } : {}),
        ...(fault ? { fault } : {}),
        ...(secret ? { note: t.secretEdit } : {}),
        cancel: resourceHref(v, one),
      });
    if (form && form.values.manifest !== undefined)
      return { title: one.name, fragments: { head, edit: editor(form.values.manifest, form.values.hash) } };
    const reveal = form?.do === "reveal" && !fault;
    const read = await readFor<ObjectYaml>(deps, user, from, {
      cluster: one.cluster,
      type: "ResourceGet",
      target: targetOfResource(one),
      args: {
        ...(v.query.get("managed") === "1" ? { managedFields: true } : {}),
        ...(reveal ? { reveal: true } : {}),
      },
    });
    if (edits && "data" in read)
      return { title: one.name, fragments: { head, edit: editor(read.data.yaml, read.data.hash) } };
    const fragments: Record<string, Html> = { head };
    if (fault) fragments.fault = html`<p class="fault" id="fault" role="alert">${v.t.told(fault)}</p>`;
    fragments.yaml = yamlPart(v, one, read, reveal);
    return { title: one.name, fragments };
  },
};

/** An object that is not there yet, from YAML. */
export const createResource: Page = {
  path: "/create",
  nav: "config",
  topics: [],
  load({ v, deps, live, form }) {
    const t = v.t.resources;
    const cluster = clusterNamed(deps, v.query.get("cluster") ?? v.clusters[0]?.id ?? "");
    if (live) return { title: t.create, fragments: {} };
    const action = `/create?cluster=${encodeURIComponent(cluster)}`;
    const head = html`<header id="head" class="head"><h1>${t.createTitle(clusterName(v, cluster))}</h1></header>`;
    const review = form?.shown.review;
    const fault = form?.faults.manifest ?? form?.faults[""];
    const fragments: Record<string, Html> = review
      ? { head, review: reviewPart(v, action, JSON.parse(review) as Review) }
      : {
          head,
          edit: editPart(v, action, form?.values.manifest ?? t.createStart, {
            ...(fault ? { fault } : {}),
            note: t.createHint,
            cancel: pageHref(v, `/resources/${encodeURIComponent(cluster)}`),
          }),
        };
    return { title: t.create, fragments };
  },
};

/** Emptying a node: what would go, before anything does. */
export const drainNode: Page = {
  path: "/drain/:cluster/:node",
  nav: "nodes",
  topics: [],
  async load({ v, deps, user, params, from, live, form }) {
    const { cluster = "", node = "" } = params;
    clusterNamed(deps, cluster);
    const title = v.t.resources.drain.title(node);
    if (live) return { title, fragments: {} };
    const values: Record<string, string> =
      form?.values ??
      Object.fromEntries(
        ["deleteEmptyDirData", "force"].flatMap((name) => (v.query.get(name) ? [[name, "1"]] : [])),
      );
    const read = await readFor<DrainPlan>(deps, user, from, {
      cluster,
      type: "NodeDrain",
      target: { node },
      args: {
        dryRun: true,
        deleteEmptyDirData: values.deleteEmptyDirData === "1",
        force: values.force === "1",
      },
    });
    const data = { cluster, node, read, values, faults: form?.faults ?? {}, idem: crypto.randomUUID() };
    return { title, fragments: drainPage(v, data) };
  },
};

export const resourcePages: readonly Page[] = [
  createResource,
  drainNode,
  objectResource,
  objectsOfKind,
  kindsOfCluster,
];
