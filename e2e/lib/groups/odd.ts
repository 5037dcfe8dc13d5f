import { roundMs } from "./scenario.ts";
import { type Action, thingsOf } from "./world.ts";

const places = ["odd-between", "odd-silenced", "odd-soon", "odd-flaps", "odd-again"];

/** Two pods in a cluster for each of what is told differently, and for what is told again. */
export const oddThings = places
  .flatMap(thingsOf)
  .filter(
    ([, { rule, fault }]) =>
      rule === "pod-crash-looping" && /^shop web-[01]$/.test(`${fault.namespace} ${fault.name}`),
  );

const pod = (round: number, what: "start" | "end", cluster: string, name: string): Action => ({
  atMs: round * roundMs,
  do: what,
  thing: `pod-crash-looping/${cluster}/shop/${name}`,
});

export const odd: Action[] = [
  pod(0, "start", "odd-between", "web-0"),
  pod(2, "start", "odd-between", "web-1"),
  pod(2.25, "end", "odd-between", "web-1"),

  pod(0, "start", "odd-silenced", "web-0"),
  pod(0, "start", "odd-silenced", "web-1"),
  {
    atMs: roundMs,
    do: "silence",
    id: "odd",
    matchers: [
      { name: "cluster", op: "=", value: "odd-silenced" },
      { name: "name", op: "=", value: "web-0" },
    ],
  },
  pod(2, "end", "odd-silenced", "web-0"),

  pod(0, "start", "odd-soon", "web-0"),
  // Right after a tick; the next is an interval later.
  pod(2.55, "start", "odd-soon", "web-1"),

  pod(0, "start", "odd-again", "web-0"),
  pod(3, "start", "odd-again", "web-1"),

  ...[0, 2, 4].flatMap((round) => [
    pod(round, "start", "odd-flaps", "web-0"),
    pod(round + 1, "end", "odd-flaps", "web-0"),
  ]),
];
