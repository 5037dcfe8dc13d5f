import { resourcePath } from "../kube/resource.ts";
import { flag, optionalText, targetText, wholeNumber } from "./args.ts";
import { allKinds, findResource } from "./discovery.ts";
import { checkNamespace } from "./manifest.ts";
import type { Operation } from "./operation.ts";

interface Table {
  metadata?: { continue?: string; remainingItemCount?: number };
  columnDefinitions: { name: string; type: string; priority: number }[];
  rows: {
    cells: unknown[];
    object?: { metadata?: { name?: string; namespace?: string; creationTimestamp?: string } };
  }[];
}

const pageSize = 500;

/**
 * Lists objects of any kind as the server's own table (KEP-1442), as kubectl shows them. `target`: apiVersion,
 * kind, ns or none for all; `args`: labelSelector, fieldSelector, limit, continue. `data`: {columns, rows, next,
 * remaining}. With `kinds: true`: which kinds there are, `data`: {kinds}.
 */
export const resourceList: Operation = {
  type: "ResourceList",
  async run({ client, command, signal }) {
    if (flag(command, "kinds")) {
      const kinds = await allKinds(client, signal);
      return { message: `${kinds.length} kinds can be listed.`, data: { kinds } };
    }
    const resource = await findResource(
      client,
      targetText(command, "apiVersion"),
      targetText(command, "kind"),
      signal,
    );
    const namespace = command.target.ns || undefined;
    checkNamespace(resource, namespace);
    const table = await client.json<Table>("GET", resourcePath(resource, namespace), {
      signal,
      headers: { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" },
      query: {
        // Names and namespaces of rows, and nothing else of the objects.
        includeObject: "Metadata",
        limit: wholeNumber(command, "limit", 1) ?? pageSize,
        continue: optionalText(command, "continue"),
        labelSelector: optionalText(command, "labelSelector"),
        fieldSelector: optionalText(command, "fieldSelector"),
      },
    });
    const columns = table.columnDefinitions.map(({ name, type, priority }) => ({ name, type, priority }));
    const rows = table.rows.map(({ cells, object }) => ({
      cells,
      name: object?.metadata?.name ?? String(cells[0] ?? ""),
      namespace: object?.metadata?.namespace ?? "",
      createdAt: object?.metadata?.creationTimestamp,
    }));
    return {
      message: `${rows.length} ${resource.plural} were read.`,
      data: {
        namespaced: resource.namespaced,
        columns,
        rows,
        next: table.metadata?.continue || undefined,
        remaining: table.metadata?.remainingItemCount,
      },
    };
  },
};
