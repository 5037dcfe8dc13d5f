import { type ClusterView, type Health, healthRank, type ProblemView } from "../../views/model.ts";
import type { KindKey } from "../../wire/kinds.ts";
import type { AgentStatus } from "../../wire/status.ts";
import type { Awaited } from "./awaited.ts";
import type { Changes } from "./changes.ts";
import type { Clusters } from "./clusters.ts";
import type { NodeMetricsStore } from "./nodes.ts";
import type { Notices } from "./notices.ts";
import type { Objects } from "./objects.ts";
import type { OpenEvents } from "./open-events.ts";
import { type Fault, faultsOf, problemsOf } from "./problems.ts";

interface Sources {
  awaited: Awaited;
  clusters: Clusters;
  objects: Objects;
  metrics: NodeMetricsStore;
  open: OpenEvents;
  changes: Changes;
  notices: Notices;
  now: () => number;
}

type Part = "all" | ReadonlySet<string>;

/** Of what an agent tells, what names nothing outside of some namespaces. */
function partOf(
  { control, denied, certificates, ...status }: AgentStatus,
  part: ReadonlySet<string>,
): AgentStatus {
  return {
    ...status,
    ...(certificates ? { certificates: certificates.filter(({ namespace }) => part.has(namespace)) } : {}),
    ...(denied ? { denied: denied.map(({ kind, reason }) => ({ kind, reason })) } : {}),
    ...(control
      ? {
          control: {
            ...control,
            protectedNamespaces: control.protectedNamespaces.filter((one) => part.has(one)),
          },
        }
      : {}),
  };
}

const workloads: KindKey[] = ["deployment", "statefulset", "daemonset", "job", "cronjob", "replicaset"];

/** Each cluster as a whole: its health, counts and usage, and what is wrong in it. */
export class ClusterViews {
  readonly #from: Sources;
  readonly #cache = new Map<string, { revision: number; atMs: number; problems: ProblemView[] }>();

  readonly #faults = new Map<string, { revision: number; atMs: number; faults: Fault[] }>();

  constructor(from: Sources) {
    this.#from = from;
  }

  /** As one sees it who sees all of it, or some namespaces. */
  view(id: string, part: Part = "all"): ClusterView | undefined {
    const { clusters, now } = this.#from;
    const known = clusters.get(id);
    if (!known) return undefined;
    const connection = clusters.connection(id, now());
    const { record, lastSeenMs } = known;
    const lists = this.#from.awaited.of(id, now());
    const status = known.status && (part === "all" ? known.status : partOf(known.status, part));
    return {
      id,
      ...(record.clusterID ? { clusterID: record.clusterID } : {}),
      name: record.name,
      flavour: status?.flavour ?? record.flavour,
      connection,
      lastSeenMs,
      ...(status ? { status } : {}),
      ...(lists ? { awaited: lists } : {}),
      health: this.#health(id, connection, part, lists?.whole),
      ...(part === "all" ? {} : { only: [...part].sort() }),
      counts: this.#counts(id, part),
      usage: part === "all" ? this.#usage(id) : { cpuCores: 0, cpuTotal: 0, memoryBytes: 0, memoryTotal: 0 },
    };
  }

  #counts(id: string, part: Part): ClusterView["counts"] {
    const { tables } = this.#from.objects;
    const sum = (count: (kind: KindKey) => number) =>
      workloads.reduce((total, kind) => total + count(kind), 0);
    if (part !== "all") {
      const size = (kind: KindKey) => {
        let count = 0;
        for (const namespace of part) count += tables[kind].byNamespace.get(id, namespace).size;
        return count;
      };
      const attention = (kind: KindKey) => {
        let count = 0;
        for (const { namespace } of tables[kind].attention(id)) if (part.has(namespace)) count++;
        return count;
      };
      return {
        nodes: 0,
        nodesReady: 0,
        pods: size("pod"),
        podsAttention: attention("pod"),
        workloads: sum(size),
        workloadsAttention: sum(attention),
        namespaces: size("namespace"),
      };
    }
    const size = (kind: KindKey) => tables[kind].of(id).size;
    const attention = (kind: KindKey) => tables[kind].attention(id).size;
    let nodesReady = 0;
    for (const node of tables.node.of(id).values()) if (node.state !== "NotReady") nodesReady++;
    return {
      nodes: size("node"),
      nodesReady,
      pods: size("pod"),
      podsAttention: attention("pod"),
      workloads: sum(size),
      workloadsAttention: sum(attention),
      namespaces: size("namespace"),
    };
  }

  #health(id: string, connection: ClusterView["connection"], part: Part, awaited = false): Health {
    if (connection === "waiting") return "info";
    if (connection === "silent") return "unknown";
    let health: Health = awaited ? "unknown" : "ok";
    for (const { severity } of this.problems(id, part))
      if (healthRank[severity] < healthRank[health]) health = severity;
    return health;
  }

  #usage(id: string): ClusterView["usage"] {
    const sum = { cpuCores: 0, cpuTotal: 0, memoryBytes: 0, memoryTotal: 0 };
    for (const { snapshot } of this.#from.metrics.of(id).values()) {
      const { cpu, memory } = snapshot;
      if (cpu?.cores) {
        sum.cpuCores += cpu.usage * cpu.cores;
        sum.cpuTotal += cpu.cores;
      }
      if (memory) {
        sum.memoryBytes += memory.used;
        sum.memoryTotal += memory.total;
      }
    }
    return sum;
  }

  problems(id: string, part: Part = "all"): ProblemView[] {
    const all = this.#problems(id);
    return part === "all" ? all : all.filter((one) => part.has(one.namespace));
  }

  /** Each fault by itself, for rules of alerts; computed once for each state of things. */
  faults(id: string): readonly Fault[] {
    const { clusters, objects, open, notices, now } = this.#from;
    const time = now();
    const revision = notices.revisionOf(id);
    let cached = this.#faults.get(id);
    if (!cached || cached.revision !== revision || time - cached.atMs >= 5000) {
      const faults = faultsOf(id, clusters.diagnoses(id) || open.any(id), open, objects);
      cached = { revision, atMs: time, faults };
      this.#faults.set(id, cached);
    }
    // Time alone makes an agent silent.
    const about = this.#agentProblem(id, time);
    return about ? [...cached.faults, { ...about, group: `Cluster//${about.name}` }] : cached.faults;
  }

  /** Computed once for each state of things: the overview asks for it several times. */
  #problems(id: string): ProblemView[] {
    const { clusters, objects, open, changes, notices, now } = this.#from;
    const time = now();
    const cached = this.#cache.get(id);
    const revision = notices.revisionOf(id);
    if (cached && cached.revision === revision && time - cached.atMs < 5000) return cached.problems;
    const problems = problemsOf(id, clusters.diagnoses(id) || open.any(id), open, objects, changes);
    const about = this.#agentProblem(id, time);
    if (about) problems.push(about);
    this.#cache.set(id, { revision, atMs: time, problems });
    return problems;
  }

  /** What is wrong with the cluster as a whole: its agent is silent, or cannot reach the API server. */
  #agentProblem(id: string, time: number): ProblemView | undefined {
    const { clusters } = this.#from;
    const known = clusters.get(id);
    if (!known) return undefined;
    const base = { cluster: id, kind: "Cluster", namespace: "", name: known.record.name, node: "", count: 1 };
    if (clusters.connection(id, time) === "silent")
      return {
        ...base,
        reason: "AgentSilent",
        message: "its agent has not been heard: what is shown may be old",
        severity: "critical",
        sinceMs: known.lastSeenMs,
        lastMs: time,
      };
    const api = known.status?.api;
    if (!api || api.reachable) return undefined;
    return {
      ...base,
      reason: "APIServerUnreachable",
      message: api.error ?? "the agent cannot reach the API server",
      severity: "critical",
      sinceMs: api.since_ms,
      lastMs: time,
    };
  }

  forget(id: string): void {
    this.#cache.delete(id);
    this.#faults.delete(id);
  }
}
