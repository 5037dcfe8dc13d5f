import { version } from "../../wire/version.ts";
import type { ManagedDatasource } from "../datasource/datasource.ts";
import { TooManyPointsError } from "../history/points.ts";
import type { Reader } from "../history/reader.ts";
import { asked, told } from "./addresses.ts";
import { failure, listed, success } from "./answers.ts";
import { keyOf } from "./evaluate/rows.ts";
import { badData, execution, QueryFault } from "./fault.ts";
import { HistorySource } from "./history-source.ts";
import { type Metadata, metadataOf } from "./metadata.ts";
import { labelOf, type Labels } from "./names.ts";
import { Given } from "./parameters.ts";
import { instantQuery, rangeQuery, type Run, seriesFound } from "./queries.ts";
import { run } from "./run.ts";
import type { Turns } from "../../kit/turns.ts";

/** Less than the time after which a connection without a byte is cut. */
const longestMs = 20_000;
/** Of series; more are left out, and said to be. */
const mostListed = 50_000;
/** Whose language and answers these are: clients look at it to know what they may ask. */
const spoken = "3.0.0";

interface Asked {
  given: Given;
  source: HistorySource;
  run: Run;
  params: Record<string, string>;
}

const handlers: Record<string, (asked: Asked) => Response | Promise<Response>> = {
  [asked.query]: ({ given, source, run }) => instantQuery(given, source, run),
  [asked.queryRange]: ({ given, source, run }) => rangeQuery(given, source, run),
  [asked.exemplars]: () => success([]),
  [asked.series]: series,
  [asked.labels]: labels,
  [told.labelValues]: labelValues,
  [told.metadata]: metadata,
  [told.rules]: () => success({ groups: [] }),
  [told.buildInfo]: () =>
    success({
      version: spoken,
      revision: `atlhyper-${version}`,
      branch: "",
      buildUser: "",
      buildDate: "",
      goVersion: "",
    }),
};

/** A request as its route has it, of somebody who may ask, with what they see. */
export interface Incoming {
  path: string;
  request: Request;
  params: Record<string, string>;
  seen: { metrics: Reader; datasource: Pick<ManagedDatasource, "clusters"> };
  turns: Turns;
}

export async function answer({ path, request, params, seen, turns }: Incoming): Promise<Response> {
  const arrived = performance.now();
  try {
    const given = await givenBy(request);
    const deadline = arrived + Math.min(longestMs, given.duration("timeout") || longestMs);
    return await handlers[path]!({
      given,
      source: new HistorySource(seen.metrics.plain, seen.datasource.clusters()),
      run: (work) => run(work, turns, { deadline, signal: request.signal }),
      params,
    });
  } catch (error) {
    if (error instanceof QueryFault) return failure(error);
    if (error instanceof TooManyPointsError)
      return failure(
        execution(`the query would read ${error.message}: take a shorter range, or fewer series`),
      );
    throw error;
  }
}

async function givenBy(request: Request): Promise<Given> {
  const inAddress = new URL(request.url).searchParams;
  if (request.method !== "POST") return new Given(inAddress);
  if (!request.headers.get("content-type")?.startsWith("application/x-www-form-urlencoded"))
    throw badData("the body must be a form: application/x-www-form-urlencoded");
  return new Given(new URLSearchParams(await request.text()), inAddress);
}

/** What is found in all, or as much of it as is wanted, with a word about that. */
function limited<T>(all: readonly T[], limit = Number.POSITIVE_INFINITY): Response {
  return all.length > limit ? listed(all.slice(0, limit), ["results truncated due to limit"]) : listed(all);
}

async function series({ given, source, run }: Asked): Promise<Response> {
  if (given.selectors().length === 0) throw badData("no match[] parameter provided");
  const limit = Math.min(mostListed, given.limit() ?? mostListed);
  const found = new Map<string, Labels>();
  await run(
    seriesFound(given, source, (labels) => {
      found.set(keyOf(labels), labels);
      return found.size > limit;
    }),
  );
  return limited([...found.values()], limit);
}

async function labels({ given, source, run }: Asked): Promise<Response> {
  const limit = given.limit();
  const names = new Set<string>();
  await run(
    seriesFound(given, source, (labels) => {
      for (const name in labels) names.add(name);
      return false;
    }),
  );
  return limited([...names].sort(), limit);
}

async function valuesOf(name: string, { given, source, run }: Asked): Promise<string[]> {
  const values = new Set<string>();
  await run(
    seriesFound(given, source, (labels) => {
      const value = labelOf(labels, name);
      if (value !== "") values.add(value);
      return false;
    }),
  );
  return [...values].sort();
}

async function labelValues(asked: Asked): Promise<Response> {
  const name = asked.params.name!;
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name))
    throw badData(`invalid label name: ${JSON.stringify(name.slice(0, 100))}`);
  const limit = asked.given.limit();
  return limited(await valuesOf(name, asked), limit);
}

async function metadata(asked: Asked): Promise<Response> {
  const metric = asked.given.text("metric");
  const limit = asked.given.limit();
  const all = await valuesOf("__name__", asked);
  const wanted = all.filter((name) => metric === undefined || name === metric).slice(0, limit);
  return success(Object.fromEntries(wanted.map((name): [string, Metadata[]] => [name, [metadataOf(name)]])));
}
