import { existsSync, renameSync } from "node:fs";
import { resolve } from "node:path";
import { find, type KubeObject, kubectl, run, say, Told } from "./kubectl.ts";

const master = "atlhyper-master-0";
const manifests = resolve(import.meta.dir, "..");

/** Takes everything away, the data too. */
export async function undeploy(): Promise<void> {
  say("Removing AtlHyper and its data");
  const text = await kubectl("kustomize", resolve(manifests, "overlays/k3s"));
  await run(["kubectl", "delete", "--ignore-not-found", "--wait=false", "-f", "-"], { input: text });
  for (const name of ["atlhyper", "atlhyper-probe"])
    await kubectl("delete", "namespace", name, "--ignore-not-found", "--timeout=120s");
  say("Nothing of it is left.");
}

interface Pod extends KubeObject {
  status: {
    phase?: string;
    containerStatuses?: {
      ready: boolean;
      restartCount: number;
      image: string;
      state?: { waiting?: { reason?: string; message?: string } };
    }[];
  };
}

/** What runs where in which version, and what is wrong with it, a line each. */
export async function status(): Promise<number> {
  const rows: string[] = [];
  let ill = 0;
  for (const [kind, name, namespaceName] of [
    ["statefulset", "atlhyper-master", "atlhyper"],
    ["deployment", "atlhyper-agent", "atlhyper"],
    ["daemonset", "atlhyper-probe", "atlhyper-probe"],
  ] as const) {
    const found = await find(namespaceName, kind, name);
    if (!found) {
      rows.push(`${name}\tnot there`);
      continue;
    }
    const list = JSON.parse(
      await kubectl("-n", namespaceName, "get", "pods", "-l", `app.kubernetes.io/name=${name}`, "-o", "json"),
    ) as { items: Pod[] };
    if (list.items.length === 0) {
      ill++;
      rows.push(`${name}\tno pod`);
    }
    for (const pod of list.items) {
      const [container] = pod.status.containerStatuses ?? [];
      const tag = container?.image.split(":").at(-1) ?? "";
      const where = (pod.spec as { nodeName?: string }).nodeName ?? "no node";
      const wrong = container?.state?.waiting;
      if (!container?.ready) ill++;
      const restarts = container?.restartCount ? `, ${container.restartCount} restarts` : "";
      rows.push(
        `${name}\t${tag}\t${where}\t${container?.ready ? "ready" : (wrong?.reason ?? pod.status.phase ?? "waiting")}${restarts}${wrong?.message ? `: ${wrong.message.slice(0, 200)}` : ""}`,
      );
    }
  }
  for (const row of rows) say(row);
  return ill === 0 ? 0 : 1;
}

/** A copy of the master's data, taken while it runs. */
export async function backup(file: string): Promise<void> {
  if (existsSync(file)) throw new Told(`${file} is there already`);
  const part = `${file}.part`;
  const child = Bun.spawn(
    ["kubectl", "-n", "atlhyper", "exec", master, "--", "/usr/bin/atlhyper", "backup", "-"],
    { stdout: Bun.file(part), stderr: "pipe", stdin: "ignore" },
  );
  const said = await child.stderr.text();
  if ((await child.exited) !== 0) throw new Told(`the backup failed:\n${said.trim()}`);
  renameSync(part, file);
  say(`${file}  ${(Bun.file(file).size / 1e6).toFixed(1)} MB`);
}

/** Puts a backup in the place of the master's data: the master stops, a pod beside its volume restores, it starts again. */
export async function restore(file: string): Promise<void> {
  if (!existsSync(file)) throw new Told(`there is no ${file}`);
  const set = await find<KubeObject & { spec: { template: { spec: Record<string, unknown> } } }>(
    "atlhyper",
    "statefulset",
    "atlhyper-master",
  );
  if (!set) throw new Told("there is no master here: deploy first");
  const scale = (replicas: number) =>
    kubectl("-n", "atlhyper", "scale", "statefulset/atlhyper-master", `--replicas=${replicas}`);
  await scale(0);
  await kubectl("-n", "atlhyper", "wait", "--for=delete", `pod/${master}`, "--timeout=60s").catch(() => "");
  const {
    containers,
    volumes = [],
    ...spec
  } = set.spec.template.spec as { containers: Record<string, unknown>[]; volumes?: object[] };
  const {
    name: _n,
    args: _a,
    startupProbe: _s,
    livenessProbe: _l,
    readinessProbe: _r,
    ports: _p,
    ...container
  } = containers[0]!;
  const overrides = {
    spec: {
      ...spec,
      // The claim is the set's own; what else the master has mounted is mounted here too.
      volumes: [...volumes, { name: "data", persistentVolumeClaim: { claimName: `data-${master}` } }],
      restartPolicy: "Never",
      containers: [
        { ...container, name: "restore", stdin: true, stdinOnce: true, args: ["restore", "-", "--replace"] },
      ],
    },
  };
  const image = (containers[0] as { image: string }).image;
  try {
    await run(
      [
        "kubectl",
        "-n",
        "atlhyper",
        "run",
        "atlhyper-restore",
        "--rm",
        "-i",
        "--quiet",
        "--restart=Never",
        `--image=${image}`,
        `--overrides=${JSON.stringify(overrides)}`,
      ],
      { input: Bun.file(file) },
    );
  } finally {
    await kubectl("-n", "atlhyper", "delete", "pod", "atlhyper-restore", "--ignore-not-found");
    await scale(1);
  }
  await kubectl("-n", "atlhyper", "rollout", "status", "statefulset/atlhyper-master", "--timeout=180s");
  say("Restored; the master runs again.");
}
