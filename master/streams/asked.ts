import { problem } from "../../wire/problem.ts";
import type { NewCommand } from "../control/control.ts";

const deadlineMs = 15_000;

/** The command that a stream's address asks for; 422 with what is wrong with it. */
export function streamCommand(query: URLSearchParams): NewCommand {
  const text = (name: string, needed = true): string => {
    const value = query.get(name) ?? "";
    if (needed && value === "") throw problem(422, `${name} is needed`, { pointer: `/${name}` });
    if (value.length > 253) throw problem(422, `${name} has at most 253 characters`, { pointer: `/${name}` });
    return value;
  };
  const number = (name: string, most: number): number | undefined => {
    const value = query.get(name) ?? "";
    if (value === "") return undefined;
    if (!/^\d{1,9}$/.test(value) || Number(value) > most || Number(value) < 1)
      throw problem(422, `${name} is a whole number up to ${most}`, { pointer: `/${name}` });
    return Number(value);
  };
  const given = (all: Record<string, string | number | undefined>) =>
    Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined && value !== ""));
  const cluster = text("cluster");
  const container = text("container", false);
  switch (query.get("type")) {
    case "PodLogsFollow":
      return {
        cluster,
        type: "PodLogsFollow",
        target: { ns: text("ns"), kind: text("kind"), name: text("name") },
        args: given({
          container,
          tailLines: number("tail", 10_000),
          sinceSeconds: number("since", 31_536_000),
        }),
        deadlineMs,
      };
    case "PodExec":
      return {
        cluster,
        type: "PodExec",
        target: { ns: text("ns"), pod: text("pod") },
        args: given({ container, cols: number("cols", 1000), rows: number("rows", 1000) }),
        deadlineMs,
      };
    default:
      throw problem(422, "type is PodLogsFollow or PodExec", { pointer: "/type" });
  }
}
