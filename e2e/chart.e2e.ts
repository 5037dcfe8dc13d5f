import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { writeChart } from "../manifests/chart/main.ts";
import { objectsOf, parseObjects } from "../manifests/chart/objects.ts";
import { comparable } from "../manifests/chart/same.ts";
import { overlayValues } from "../manifests/chart/values.ts";
import { provideHelm } from "./lib/helm.ts";
import { type Kubelab, kubelabMissing, startKubelab } from "./lib/kubelab.ts";

const found = Bun.which("kubectl") ? provideHelm() : { missing: "no kubectl" };
const missing = "missing" in found ? found.missing : undefined;
if (missing) console.log(`skipped: the Helm chart: ${missing}`);
const noCluster = missing ?? kubelabMissing();
if (noCluster) console.log(`skipped: the Helm chart in a cluster: ${noCluster}`);

const overlays = readdirSync(resolve(import.meta.dir, "../manifests/overlays"));

describe.skipIf(missing !== undefined)("the Helm chart", () => {
  let into: string;
  let archive: string;
  beforeAll(async () => {
    into = mkdtempSync(join(tmpdir(), "atlhyper-chart-"));
    archive = await writeChart(into);
  }, 60_000);
  afterAll(() => rmSync(into, { recursive: true, force: true }));

  /** What helm prints; with `fails`, what it says as it fails. */
  function helm(words: string[], { fails = false, kubeconfig = "/dev/null" } = {}): string {
    const run = Bun.spawnSync(["helm" in found ? found.helm : "", ...words], {
      env: { ...process.env, KUBECONFIG: kubeconfig, HELM_CACHE_HOME: into, HELM_CONFIG_HOME: into },
    });
    if (run.success === fails) throw new Error(`helm ${words.join(" ")}: ${run.stderr}${run.stdout}`);
    return (fails ? run.stderr : run.stdout).toString();
  }
  const valuesOf = (overlay: string) => join(into, "chart/atlhyper/overlays", `${overlay}.yaml`);
  const template = (...words: string[]) => [
    "template",
    "atlhyper",
    archive,
    "-n",
    "atlhyper",
    "--kube-version",
    "1.34.0",
    ...words,
  ];

  test("it has the values of every overlay, and passes Helm's own check", () => {
    expect(Object.keys(overlayValues).sort()).toEqual([...overlays].sort());
    for (const overlay of overlays)
      helm(["lint", "--strict", "--kube-version", "1.34.0", archive, "-f", valuesOf(overlay)]);
  });

  test.each(overlays)("with its values it gives what the overlay %s is", async (overlay) => {
    const given = parseObjects(helm(template("-f", valuesOf(overlay))));
    expect(comparable(given)).toEqual(comparable(await objectsOf(overlay)));
    for (const one of given)
      expect(
        Object.keys(one.metadata.labels ?? {}).filter((key) => key.startsWith("app.kubernetes.io/")),
        `${one.kind}/${one.metadata.name}`,
      ).toHaveLength(6);
  });

  test("in another namespace, with another probe's namespace, nothing of the usual ones is left", () => {
    const text = helm([
      ...template("--set", "probe.namespace.name=nodes", "--set", "master.ingress.enabled=true"),
      ...["--set", "master.ingress.host=atlhyper.example", "-n", "watching"],
    ]);
    expect(text).not.toMatch(/namespace: "?atlhyper|metadata\.name: "?atlhyper|\.atlhyper\.svc/);
    expect(text).toContain("http://atlhyper-agent.watching.svc:8082");
    expect(text).toContain("http://atlhyper.watching.svc:8080");
  });

  test("names that look like numbers stay texts, and a class without a name is none", () => {
    const objects = parseObjects(
      helm([
        ...template("--set-string", "probe.namespace.name=7,master.persistence.storageClass=8"),
        ...["--set-string", "agent.token.existingSecret=9,priorityClass.name=", "-n", "6"],
      ]),
    );
    for (const { kind, metadata } of objects)
      if (metadata.namespace !== undefined) expect(["6", "7"], kind).toContain(metadata.namespace);
    const master = objects.find(({ kind }) => kind === "StatefulSet")!.spec;
    expect(master.volumeClaimTemplates[0].spec.storageClassName).toBe("8");
    expect(master.template.spec.priorityClassName).toBeUndefined();
    expect(JSON.stringify(master.template.spec)).toContain('"name":"9"');
    expect(
      objects.filter(({ kind }) => kind === "PriorityClass").map(({ metadata }) => metadata.name),
    ).toEqual(["atlhyper-probe"]);
  });

  test("rules of alerts are a ConfigMap that the master reads", () => {
    const rules = `- id: a\n  condition: {type: problem}\n  annotations: {summary: "{{ kind }} is down"}\n`;
    const file = join(into, "shop.yaml");
    writeFileSync(file, rules);
    const set = [
      "--set-file",
      `master.rules.files.shop\\.yaml=${file}`,
      "--set",
      "master.rules.configMap=mine",
    ];
    const objects = parseObjects(helm(template(...set)));
    const made = objects.find(({ kind }) => kind === "ConfigMap")!;
    expect(made.metadata.name).toBe("mine");
    expect(made.data).toEqual({ "shop.yaml": rules });
    const pod = objects.find(({ kind }) => kind === "StatefulSet")!.spec.template.spec;
    expect(pod.volumes).toContainEqual({ name: "rules", configMap: { name: "mine", optional: true } });
    expect(helm(template("--set", "master.rules.files.shop=x"), { fails: true })).toContain("shop");
  });

  test("what is set is where it belongs", () => {
    const digest = `sha256:${"0".repeat(64)}`;
    const objects = parseObjects(
      helm(
        template(
          ...[
            "--set",
            "image.repository=registry.example/a",
            "--set",
            "image.tag=v9",
            "--set",
            `probeImage.digest=${digest}`,
          ],
          ...["--set", "imagePullSecrets[0].name=registry", "--set", "master.nodeSelector.disk=ssd"],
          ...["--set", "master.persistence.size=50Gi", "--set", "master.persistence.storageClass=fast"],
          ...["--set", "agent.tolerations[0].operator=Exists", "--set", "agent.clusterName=the shop"],
          ...["--set", "master.service.type=NodePort", "--set", "master.service.nodePort=30080"],
          ...["--set", "agent.token.existingSecret=mine", "--set", "networkPolicy.enabled=false"],
        ),
      ),
    );
    const of = (kind: string) => objects.find((one) => one.kind === kind)!;
    const master = of("StatefulSet").spec;
    const pod = master.template.spec;
    expect(pod.containers[0].image).toBe("registry.example/a:v9");
    expect(of("DaemonSet").spec.template.spec.containers[0].image).toBe(`localhost/atlhyper-probe@${digest}`);
    expect(pod.imagePullSecrets).toEqual([{ name: "registry" }]);
    expect(pod.nodeSelector).toEqual({ "kubernetes.io/os": "linux", disk: "ssd" });
    expect(pod.containers[0].env).toContainEqual({ name: "ATLHYPER_OWN_CLUSTER", value: "the shop" });
    expect(master.volumeClaimTemplates[0].spec).toMatchObject({
      storageClassName: "fast",
      resources: { requests: { storage: "50Gi" } },
    });
    expect(of("Deployment").spec.template.spec.tolerations).toEqual([{ operator: "Exists" }]);
    expect(
      objects.find((one) => one.metadata.name === "atlhyper" && one.kind === "Service")!.spec,
    ).toMatchObject({
      type: "NodePort",
      ports: [{ nodePort: 30080 }],
    });
    expect(objects.filter((one) => one.kind === "NetworkPolicy")).toEqual([]);
    expect(objects.filter((one) => one.metadata.name === "atlhyper-agent" && one.kind === "Secret")).toEqual(
      [],
    );
    expect(JSON.stringify([pod, of("Deployment")]).match(/"name":"mine"/g)).toHaveLength(2);
  });

  test.each([
    [
      "a word that is none",
      ["--set", "master.enable=false"],
      /additional properties 'enable' not allowed|enable/,
    ],
    ["a type that is none", ["--set", "master.service.type=Public"], /service[./]type/],
    ["a digest that is none", ["--set", "image.digest=latest"], /image[./]digest/],
    ["no master at all", ["--set", "master.enabled=false"], /agent\.masterUrl: say where the master is/],
    ["an ingress without a name", ["--set", "master.ingress.enabled=true"], /master\.ingress\.host: say/],
  ])("%s is refused in words", (_, words, said) => {
    expect(helm(template(...words), { fails: true })).toMatch(said);
  });

  describe.skipIf(noCluster !== undefined)("in a cluster", () => {
    let lab: Kubelab;
    beforeAll(async () => {
      lab = await startKubelab({ port: 30543 });
    }, 120_000);
    afterAll(() => lab?.[Symbol.asyncDispose]());

    test("the API server takes what it gives for every overlay", async () => {
      for (const name of ["atlhyper", "atlhyper-probe"]) await lab.kubectl(["create", "namespace", name]);
      for (const overlay of overlays) {
        const text = helm(template("-f", valuesOf(overlay)));
        const said = await lab.kubectl(["apply", "--dry-run=server", "-f", "-"], text);
        expect(said).toContain("deployment.apps/atlhyper-agent created (server dry run)");
      }
      for (const name of ["atlhyper", "atlhyper-probe"]) await lab.kubectl(["delete", "namespace", name]);
    }, 120_000);

    test("installed, upgraded and taken away: tokens stay, and nothing is left", async () => {
      const inLab = { kubeconfig: lab.kubeconfig };
      const values = ["-n", "atlhyper", "-f", valuesOf("dev")];
      const notes = helm(["install", "atlhyper", archive, "--create-namespace", ...values], inLab);
      expect(notes).toContain("kubectl -n atlhyper logs atlhyper-master-0");
      const restricted = "pod-security.kubernetes.io/enforce=restricted";
      expect(notes).toContain(`kubectl label namespace atlhyper ${restricted}`);
      await lab.kubectl(["label", "namespace", "atlhyper", restricted]);
      const token = (namespace: string, name: string) =>
        lab
          .kubectl(["-n", namespace, "get", "secret", name, "-o", "jsonpath={.data.token}"])
          .then((text) => Buffer.from(text, "base64").toString());
      const tokens = () =>
        Promise.all([
          token("atlhyper", "atlhyper-agent"),
          token("atlhyper", "atlhyper-probe"),
          token("atlhyper-probe", "atlhyper-probe"),
        ]);
      const before = await tokens();
      expect(before[0]).toMatch(/^atlc_[A-Za-z0-9]{43}$/);
      expect(before[1]).toMatch(/^[A-Za-z0-9]{43}$/);
      expect(before[2]).toBe(before[1]!);
      const memorySet = ["--set", "master.resources.limits.memory=2Gi"];
      expect(helm(["upgrade", "atlhyper", archive, ...values, ...memorySet], inLab)).not.toContain(
        restricted,
      );
      expect(await tokens()).toEqual(before);
      const memory = "jsonpath={.spec.template.spec.containers[0].resources.limits.memory}";
      expect(
        await lab.kubectl(["-n", "atlhyper", "get", "statefulset", "atlhyper-master", "-o", memory]),
      ).toBe("2Gi");
      helm(["uninstall", "atlhyper", "-n", "atlhyper", "--wait"], inLab);
      const left = await lab.kubectl([
        "get",
        "namespaces,clusterroles,clusterrolebindings,priorityclasses,all,secrets,configmaps,networkpolicies,serviceaccounts,pvc",
        "-A",
        "-o",
        "name",
      ]);
      // The release's namespace is of who made it.
      expect(left.split("\n").filter((one) => one.includes("atlhyper"))).toEqual(["namespace/atlhyper"]);
    }, 180_000);
  });
});
