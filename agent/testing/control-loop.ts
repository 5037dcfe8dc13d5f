import type { SimKube } from "../../simkube/server.ts";
import { type ControlOptions, startControl } from "../control/control.ts";
import { defaultRules } from "../control/rules.ts";
import { createEvents } from "../events.ts";
import { tokenAccess } from "../kube/access.ts";
import { KubeClient } from "../kube/client.ts";
import type { WireMaster } from "./wire-master.ts";

const times = { backoffMs: 10, backoffMaxMs: 50, refusedMs: 50, unknownMs: 50, verifyMs: 50, awayMs: 3000 };

/** An agent's control loop between the test's master and the simulated API, with short times. */
export function startLoop(
  master: WireMaster,
  kube: Pick<SimKube, "url" | "token">,
  more: Partial<ControlOptions> = {},
) {
  const loop = startControl({
    link: { url: master.url, token: "atlc_test" },
    client: new KubeClient(tokenAccess(kube.url, kube.token)),
    clusterId: "c",
    run: Bun.randomUUIDv7(),
    startedAtMs: Date.now(),
    rules: defaultRules,
    legacy: false,
    events: createEvents(() => {}),
    ...more,
    times: { ...times, ...more.times },
  });
  return Object.assign(loop, { [Symbol.asyncDispose]: () => loop.stop() });
}
