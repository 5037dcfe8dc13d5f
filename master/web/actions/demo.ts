import { problem } from "../../../wire/problem.ts";
import type { Action } from "../action.ts";

export const demoStart: Action = {
  path: "/demo/start",
  do: "",
  role: "admin",
  where: () => ({}),
  async run({ deps, audited }) {
    if (!deps.demo) throw problem(404, "this master runs no demo cluster");
    await audited({ action: "demo.start" }, async () => {});
    if (!deps.demo.running()) await deps.demo.start();
    return { to: "/" };
  },
};

export const demoStop: Action = {
  path: "/demo/stop",
  do: "",
  role: "admin",
  where: () => ({}),
  async run({ deps, audited }) {
    await audited({ action: "demo.stop" }, async () => {});
    if (deps.demo?.running()) await deps.demo.stop();
    return { to: "/" };
  },
};
