import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { haveEnded, processesOf } from "./lab-processes.ts";

type Kubectl = (args: string[], input?: string) => Promise<string>;

const canary = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "canary", namespace: "default" },
  spec: {
    nodeSelector: { "kubernetes.io/hostname": "kubelab-1" },
    terminationGracePeriodSeconds: 0,
    containers: [
      {
        name: "main",
        image: "localhost/busybox:1",
        imagePullPolicy: "Never",
        command: ["sleep", "3600"],
      },
    ],
  },
};

/**
 * Returns once the node has run a pod. A node can be Ready and run none, and then every test on it fails for a reason
 * that is not its own: the error tells what the cluster and the node's processes say about it.
 */
export async function nodeRunsPods(kubectl: Kubectl, folder: string): Promise<void> {
  // The controller makes a namespace's ServiceAccount a moment after the namespace.
  for (let attempt = 0; ; attempt++) {
    try {
      await kubectl(["apply", "-f", "-"], JSON.stringify(canary));
      break;
    } catch (error) {
      if (attempt === 20) throw error;
      await Bun.sleep(500);
    }
  }
  try {
    await kubectl(["wait", "pod/canary", "--for=condition=Ready", "--timeout=45s"]);
  } catch (error) {
    const said = await kubectl(["describe", "pod/canary", "node/kubelab-1"]).catch(String);
    const logs = ["kubelet", "containerd"].map((name) => `${name}: ${tail(join(folder, `${name}.log`), 40)}`);
    throw new Error([`the node runs no pod: ${error}`, said, ...logs].join("\n"));
  }
  await kubectl(["delete", "pod/canary", "--wait=true", "--grace-period=0", "--force"]);
}

function tail(file: string, lines: number): string {
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").slice(-lines).join("\n") : "(no log)";
}

const addresses = "/var/lib/cni/networks/kubelab";
const results = "/var/lib/cni/results";
const state = "/run/kubelab-containerd";

/**
 * Takes away what a node leaves at its end: helpers of its containers, whose socket the next containerd would find, and
 * addresses and network namespaces of the pods that it still had.
 */
export async function freeNode(): Promise<void> {
  await haveEnded(processesOf((words) => words.includes(`${state}.sock`)));
  for (const path of mountsBelow(state).reverse()) Bun.spawnSync(["umount", "-l", path]);
  // What is still mounted there would be deleted where it comes from.
  if (mountsBelow(state).length === 0)
    for (const path of [state, `${state}.sock`, `${state}.sock.ttrpc`])
      rmSync(path, { recursive: true, force: true });
  freeNetworks();
}

function mountsBelow(folder: string): string[] {
  const lines = readFileSync("/proc/mounts", "utf8").split("\n");
  return lines.map((line) => line.split(" ")[1] ?? "").filter((path) => path.startsWith(`${folder}/`));
}

function freeNetworks(): void {
  if (!existsSync(results)) return;
  for (const name of readdirSync(results)) {
    const file = join(results, name);
    if (!name.startsWith("kubelab-")) continue;
    for (const [netns] of readFileSync(file, "utf8").matchAll(/\/run\/netns\/cni-[0-9a-f-]+/g)) {
      Bun.spawnSync(["umount", "-l", netns]);
      rmSync(netns, { force: true });
    }
    rmSync(file);
  }
  rmSync(addresses, { recursive: true, force: true });
}
