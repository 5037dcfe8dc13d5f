import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { version } from "../../wire/version.ts";
import { imageNames, type Images, provideImages } from "./images.ts";
import { apply, find, type KubeObject, kubectl, run, say, Told } from "./kubectl.ts";

const manifests = resolve(import.meta.dir, "..");
const master = "atlhyper-master-0";

export interface DeployOptions {
  overlay: string;
  registry?: string;
  /** What the cluster is called. */
  name: string;
  timeoutSeconds: number;
}

/** Puts everything into the current context's cluster and waits for it; again, it brings it to what the source says. */
export async function deploy(options: DeployOptions): Promise<void> {
  const images = await provideImages(options.registry);
  await apply(namespace("atlhyper", "restricted"), namespace("atlhyper-probe", "privileged"));
  await ensureProbeToken();
  say(`Applying overlays/${options.overlay}`);
  await applyOverlay(options.overlay, images);
  const timeout = `--timeout=${options.timeoutSeconds}s`;
  const hasMaster = (await find("atlhyper", "statefulset", "atlhyper-master")) !== undefined;
  if (hasMaster) {
    await rolledOut("statefulset/atlhyper-master", "atlhyper", timeout);
    await ensureAgentToken(options.name);
  } else if (!(await find("atlhyper", "secret", "atlhyper-agent")))
    throw new Told(
      "there is no Secret atlhyper/atlhyper-agent: make it with the token of `atlhyper cluster add` at your master " +
        "(kubectl -n atlhyper create secret generic atlhyper-agent --from-literal=token=…), then deploy again",
    );
  await rolledOut("deployment/atlhyper-agent", "atlhyper", timeout);
  await rolledOut("daemonset/atlhyper-probe", "atlhyper-probe", timeout);
  say();
  say(`AtlHyper ${version} runs.`);
  if (hasMaster) await tellHowToSignIn();
}

const namespace = (name: string, level: string) => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name, labels: { "pod-security.kubernetes.io/enforce": level } },
});

const secret = (namespaceName: string, name: string, token: string) => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: {
    name,
    namespace: namespaceName,
    labels: { "app.kubernetes.io/part-of": "atlhyper", "app.kubernetes.io/managed-by": "deploy" },
  },
  type: "Opaque",
  stringData: { token },
});

interface Secret extends KubeObject {
  data?: { token?: string };
}

/** The same for all probes and the agent; made once. */
async function ensureProbeToken(): Promise<void> {
  const there = await find<Secret>("atlhyper", "secret", "atlhyper-probe");
  const kept = there?.data?.token ? Buffer.from(there.data.token, "base64").toString() : undefined;
  const token = kept ?? Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");
  await apply(secret("atlhyper", "atlhyper-probe", token), secret("atlhyper-probe", "atlhyper-probe", token));
}

/** The overlay with the images, and with what they are built of as an annotation, so that a new build is rolled out. */
async function applyOverlay(overlay: string, images: Images): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "atlhyper-deploy-"));
  try {
    // kustomize takes resources by relative paths only.
    symlinkSync(manifests, join(folder, "manifests"));
    const stamp = (kind: string, name: string) => ({
      target: { kind, name },
      patch: JSON.stringify([
        {
          op: "add",
          path: "/spec/template/metadata/annotations",
          value: { "atlhyper.io/build": images.build },
        },
      ]),
    });
    const kustomization = {
      apiVersion: "kustomize.config.k8s.io/v1beta1",
      kind: "Kustomization",
      resources: [`manifests/overlays/${overlay}`],
      images: imageNames.map((name) => ({
        name: `localhost/${name}`,
        newName: `${images.prefix}${name}`,
        newTag: version,
      })),
      patches: [
        stamp("StatefulSet", "atlhyper-master"),
        stamp("Deployment", "atlhyper-agent"),
        stamp("DaemonSet", "atlhyper-probe"),
      ],
    };
    writeFileSync(join(folder, "kustomization.yaml"), JSON.stringify(kustomization));
    const text = await kubectl("kustomize", "--load-restrictor", "LoadRestrictionsNone", folder);
    await run(["kubectl", "apply", "-f", "-"], { input: text });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function rolledOut(what: string, namespaceName: string, timeout: string): Promise<void> {
  say(`Waiting for ${what}`);
  try {
    await kubectl("-n", namespaceName, "rollout", "status", what, timeout);
  } catch (error) {
    const events = await kubectl(
      "-n",
      namespaceName,
      "get",
      "events",
      "--field-selector=type=Warning",
      "--sort-by=.lastTimestamp",
      "-o",
      "custom-columns=O:.involvedObject.name,R:.reason,M:.message",
      "--no-headers",
    ).catch(() => "");
    throw new Told(`${(error as Error).message}\n${events.trim().split("\n").slice(-5).join("\n")}`);
  }
}

/** The agent's token of the master beside it; made once, by the master's own command line. */
async function ensureAgentToken(name: string): Promise<void> {
  if (await find("atlhyper", "secret", "atlhyper-agent")) return;
  const atlhyper = (...words: string[]) =>
    kubectl("-n", "atlhyper", "exec", master, "--", "/usr/bin/atlhyper", ...words);
  let token: string;
  try {
    token = await atlhyper("cluster", "add", name);
  } catch (error) {
    if (!(error as Error).message.includes("already")) throw error;
    // Its Secret is gone, its history is there: it goes on under a new token.
    token = await atlhyper("cluster", "rotate", name);
  }
  await apply(secret("atlhyper", "atlhyper-agent", token.trim()));
}

interface Service {
  spec: { ports: { port: number; nodePort?: number }[]; type: string };
  status?: { loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] } };
}

async function tellHowToSignIn(): Promise<void> {
  const service = (await find<Service>("atlhyper", "service", "atlhyper"))!;
  const [port] = service.spec.ports;
  const [ingress] = service.status?.loadBalancer?.ingress ?? [];
  const address = ingress?.ip ?? ingress?.hostname;
  const url = address ? `http://${address}:${port!.port}` : "http://127.0.0.1:8080";
  if (!address) say(`  kubectl -n atlhyper port-forward service/atlhyper 8080:${port!.port}`);
  const log = await kubectl("-n", "atlhyper", "logs", master, "--tail=-1");
  const link = log.match(/\/setup\?token=[\w-]+/g)?.at(-1);
  say(`  ${url}${link ?? ""}`);
  say(link ? "  Open it to become the administrator; the link works once." : "  Sign in as before.");
}
