import { ackRoute, legacyControlRoutes, progressRoute, streamRoute, watchRoute } from "../../wire/routes.ts";
import { version, versionHeader } from "../../wire/version.ts";
import type { AgentEvents } from "../events.ts";
import type { KubeClient } from "../kube/client.ts";
import { operations } from "../operate/operations.ts";
import type { StreamAccess } from "../operate/operation.ts";
import { type LinkOptions, MasterLink } from "../push/link.ts";
import { defaultTimes, type PusherTimes } from "../push/pusher.ts";
import type { Executor, ExecutorTimes } from "./executor.ts";
import type { Reporter } from "./reporter.ts";
import type { CommandRules } from "./rules.ts";
import { Watcher, watchTimeoutMs } from "./watcher.ts";

export interface ControlOptions {
  link: LinkOptions;
  client: KubeClient;
  clusterId: string;
  run: string;
  startedAtMs: number;
  rules: CommandRules;
  legacy: boolean;
  events: AgentEvents;
  times?: Partial<PusherTimes & ExecutorTimes>;
}

export interface ControlLoop {
  /** Ends within some seconds; what runs is left to the next agent. */
  stop(): Promise<void>;
}

interface Hands {
  executor: Executor;
  reporter: Reporter;
}

const ackMs = 2000;
const askAgainMs = 61_000;

/** The types that this agent would carry out. */
export const commandsOf = (rules: CommandRules): string[] =>
  rules.commands.filter((type) => operations[type] !== undefined && (type !== "PodExec" || rules.exec));

/** Waits for commands and has them carried out; what does that is loaded when the first one comes. */
export function startControl(options: ControlOptions): ControlLoop {
  const { events, legacy } = options;
  const times = { ...defaultTimes, ...options.times };
  const link = new MasterLink({ ...options.link, timeoutMs: watchTimeoutMs });
  let hands: Promise<Hands> | undefined;
  const timers = new Set<Timer>();

  const watcher = new Watcher({
    ...options,
    link,
    route: routeOf(watchRoute, legacy),
    times,
    async onCommands({ commands }, aheadMs) {
      if (commands.length === 0 && hands === undefined) return;
      hands ??= load();
      (await hands).executor.take(commands, aheadMs);
    },
    onTrouble: events.controlTrouble,
    onWell: events.controlWell,
  });

  async function load(): Promise<Hands> {
    const [{ Executor }, { Reporter }] = await Promise.all([
      import("./executor.ts"),
      import("./reporter.ts"),
    ]);
    const reporter = new Reporter({
      ...options,
      // Many commands may record what they found at the same time.
      link: new MasterLink({ ...options.link, sockets: 8 }),
      ackRoute: routeOf(ackRoute, legacy),
      progressRoute,
      times,
      onRejected: events.rejected,
    });
    const executor = new Executor({
      ...options,
      reporter,
      operations,
      stream: (commandID) => (legacy ? undefined : streamAccess(options.link, commandID)),
      onStart: ({ id, type, target }) => events.commandStarted(id, type, target),
      onEnd: ({ id, type }, { status, errorCode }) => events.commandEnded(id, type, status, errorCode),
      onTakenOver({ id, type }) {
        events.commandLeft(id, type);
        const timer = setTimeout(() => {
          timers.delete(timer);
          watcher.askAgain();
        }, askAgainMs);
        timers.add(timer);
      },
    });
    return { executor, reporter };
  }

  const running = watcher.run();
  return {
    async stop() {
      watcher.stop();
      for (const timer of timers) clearTimeout(timer);
      await running;
      link.close();
      const loaded = await hands;
      await loaded?.executor.stop();
      await loaded?.reporter.stop(ackMs);
    },
  };
}

function routeOf(route: string, legacy: boolean): string {
  if (!legacy) return route;
  return Object.keys(legacyControlRoutes).find((one) => legacyControlRoutes[one] === route) ?? route;
}

function streamAccess({ url, token, ca }: LinkOptions, commandID: string): StreamAccess {
  return {
    url: `${url.replace(/^http/, "ws")}${streamRoute}${encodeURIComponent(commandID)}`,
    headers: { authorization: `Bearer ${token}`, [versionHeader]: version },
    tls: ca ? { ca } : undefined,
  };
}
