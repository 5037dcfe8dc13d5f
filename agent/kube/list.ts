import type { KubeClient } from "./client.ts";
import { KubeError } from "./error.ts";
import type { KubeObject } from "./object.ts";

/** With 4 KB a pod some 1 MB a page: larger ones are hardly faster, and cost memory several times their size. */
const pageSize = 250;

interface ListAnswer {
  metadata?: { resourceVersion?: string; continue?: string };
  items?: KubeObject[] | null;
}

/**
 * Lists in pages, handing over each object as its page arrives. Resolves with the resourceVersion to watch from.
 * When the pages' snapshot is gone before the last was asked for (410), it begins again, the second time without
 * pages: `onRestart` says that what came so far does not count.
 */
export async function listInPages(
  client: KubeClient,
  path: string,
  query: Record<string, string | undefined>,
  signal: AbortSignal,
  onItem: (object: KubeObject) => void,
  onRestart: () => void,
): Promise<string> {
  let next: string | undefined;
  let expired = 0;
  for (;;) {
    let page: ListAnswer;
    try {
      const limit = expired < 2 ? pageSize : undefined;
      page = await client.json<ListAnswer>("GET", path, {
        query: { ...query, limit, continue: next },
        signal,
        timeoutMs: 60_000,
      });
    } catch (error) {
      if (!(error instanceof KubeError && error.status === 410 && next !== undefined)) throw error;
      expired++;
      next = undefined;
      onRestart();
      continue;
    }
    const resourceVersion = page.metadata?.resourceVersion;
    if (typeof resourceVersion !== "string")
      throw new KubeError(0, "BadAnswer", `${path}: the list has no resourceVersion`);
    for (const item of page.items ?? []) onItem(item);
    next = page.metadata?.continue || undefined;
    if (next === undefined) return resourceVersion;
  }
}
