import { type TSchema, Type as T } from "@sinclair/typebox";
import { parseJson, readBody } from "../../wire/body.ts";
import { decode } from "../../wire/check.ts";
import { commandTypeNames } from "../../wire/command-names.ts";
import { EnqueueRequest, ProgressItem, Target, UndoCommand } from "../../wire/control.ts";
import { problem } from "../../wire/problem.ts";
import type { Control } from "../control/control.ts";
import { commandStates, type CommandView } from "../../views/command-model.ts";
import { ask } from "../control/routes.ts";
import { requestInfo } from "../requests.ts";
import { page, scopeCluster } from "./common.ts";
import { choice, flag, integer, readQuery, text } from "./query.ts";
import type { Route } from "./route.ts";

const moment = T.Optional(T.Integer({ description: "ms since 1970" }));

const CommandShape = T.Object({
  id: T.String(),
  cluster: T.String(),
  type: T.String(),
  target: Target,
  args: T.Record(T.String(), T.Unknown()),
  idem: T.String(),
  state: T.Union(commandStates.map((one) => T.Literal(one)) as unknown as [TSchema, TSchema]),
  by: T.Object({ kind: T.String(), id: T.String(), name: T.String() }),
  approvedBy: T.Optional(T.String()),
  created_ms: T.Integer(),
  deadline_ms: T.Integer({ description: "Fetched by then, or it expires." }),
  fetched_ms: moment,
  started_ms: moment,
  ended_ms: moment,
  attempt: T.Optional(T.Integer()),
  message: T.Optional(T.String()),
  errorCode: T.Optional(T.String()),
  verified: T.Optional(T.String({ description: "Whether what was wanted came true." })),
  data: T.Optional(T.Unknown({ description: "What a reading command read; kept for some minutes." })),
  undo: T.Optional(UndoCommand),
  undoneBy: T.Optional(T.String()),
  undoOf: T.Optional(T.String()),
  progress: T.Optional(
    T.Object({
      ts_ms: T.Integer(),
      message: T.Optional(T.String()),
      done: T.Optional(T.Integer()),
      total: T.Optional(T.Integer()),
      items: T.Optional(T.Array(ProgressItem)),
    }),
  ),
});

function shapeOf(one: CommandView) {
  const { createdMs, deadlineMs, fetchedMs, startedMs, endedMs, ...rest } = one;
  return {
    ...rest,
    created_ms: createdMs,
    deadline_ms: deadlineMs,
    fetched_ms: fetchedMs,
    started_ms: startedMs,
    ended_ms: endedMs,
  };
}

const listParameters = {
  cluster: text("A cluster, by its id or name."),
  kind: text("The kind of the object, such as Deployment."),
  namespace: text("The object's namespace."),
  name: text("The object's name."),
  type: choice("The type of command.", commandTypeNames),
  state: choice("A state, `open` or `ended`.", ["open", "ended", ...commandStates]),
  by: text("The id of the user or token that asked."),
  writes: flag("Only those that change something."),
  limit: integer("How many at most, 100 by default.", 1, 1000),
  cursor: text("`next` of the page before."),
};
const oneParameters = { wait: integer("Seconds to wait for its end.", 0, 60) };

type Change = "cancel" | "undo" | "approve" | "reject";
const changes: Record<Change, string> = {
  cancel: "Ends a command that has not been fetched; asks its agent to end it otherwise.",
  undo: "Asks for what takes a command back; gives that new command.",
  approve: "Lets a command that was proposed go on; it takes two people.",
  reject: "Ends a command that was proposed.",
};

const changeRoute = (change: Change): Route => ({
  path: `/api/v1/commands/:id/${change}`,
  method: "POST",
  id: `${change}Command`,
  tag: "commands",
  summary: changes[change],
  query: {},
  answer: CommandShape,
  async get({ control }, request, params, by) {
    const one: Control[Change] = control[change];
    return shapeOf(await one(by, requestInfo(request), params.id!));
  },
});

export const commandRoutes: readonly Route[] = [
  {
    path: "/api/v1/commands",
    id: "listCommand",
    tag: "commands",
    summary: "The commands of all clusters, newest first.",
    query: listParameters,
    answer: page(CommandShape),
    get(parts, request, _params, by) {
      const query = readQuery(request.url, listParameters);
      const found = parts.control.list(by, { ...query, ...scopeCluster(parts, query.cluster) });
      return { ...found, items: found.items.map(shapeOf) };
    },
  },
  {
    path: "/api/v1/commands/:id",
    id: "getCommand",
    tag: "commands",
    summary: "One command; with `wait`, once it has ended or the time is over.",
    query: oneParameters,
    answer: CommandShape,
    async get({ control }, request, params, by) {
      const { wait = 0 } = readQuery(request.url, oneParameters);
      const found = control.get(by, params.id!);
      if (!found) throw problem(404, "there is no such command");
      return shapeOf(wait > 0 ? await control.wait(by, found.id, Math.min(wait, 25) * 1000) : found);
    },
  },
  {
    path: "/api/v1/commands",
    method: "POST",
    id: "enqueueCommand",
    tag: "commands",
    summary: "Asks for a command. The same `idem` with the same content is the same command.",
    query: {},
    body: EnqueueRequest,
    answer: CommandShape,
    async get(parts, request, _params, by) {
      const asked = decode(EnqueueRequest, parseJson(await readBody(request)));
      return shapeOf(await ask(parts, by, request, asked));
    },
  },
  ...(Object.keys(changes) as Change[]).map(changeRoute),
];
