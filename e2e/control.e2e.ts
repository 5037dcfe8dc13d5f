import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { browserMissing, complaints, setUp, startBrowser } from "./lib/browser.ts";
import { type Kubelab, realNodeMissing, startKubelab } from "./lib/kubelab.ts";
import { deployment, namespace } from "./lib/manifests.ts";
import { type Running, startUp } from "./lib/product.ts";
import { eventually } from "./lib/wait.ts";

const missing = browserMissing() ?? realNodeMissing();
if (missing) console.log(`skipped: logs, terminals, manifests and draining on a real node: ${missing}`);

const counting = ["sh", "-c", 'i=0; while true; do echo "line $i of $HOSTNAME"; i=$((i+1)); sleep 0.2; done'];

interface AuditItem {
  action: string;
  object?: string;
  detail?: Record<string, unknown>;
}

describe.skipIf(missing !== undefined)("logs, terminals, manifests and draining on a real node", () => {
  let lab: Kubelab;
  let product: Running;
  let browser: Browser;
  let signedIn: Awaited<ReturnType<BrowserContext["storageState"]>>;
  let cluster: string;

  const podsOf = async (app: string): Promise<string[]> =>
    (await lab.kubectl(["get", "pods", "-n", "shop", "-l", `app=${app}`, "-o", "name"]))
      .split("\n")
      .filter(Boolean)
      .map((one) => one.replace("pod/", ""));
  const audit = async () => (await product.api.get<{ items: AuditItem[] }>("/api/v1/audit?limit=100")).items;

  beforeAll(async () => {
    lab = await startKubelab({ port: 31643, node: true });
    await lab.apply(namespace("shop"), deployment("shop", "web", 2, { command: counting }));
    product = await startUp({ KUBECONFIG: lab.kubeconfig });
    browser = await startBrowser();
    const context = await browser.newContext();
    await setUp(await context.newPage(), product.setupLink);
    signedIn = await context.storageState();
    await context.close();
    await eventually(
      "both pods are known and run",
      async () =>
        (
          await product.api.get<{ items: { atlhyper: { cluster: string; state: string } }[] }>(
            "/api/v1/pods?namespace=shop",
          )
        ).items.filter((one) => {
          cluster = one.atlhyper.cluster;
          return one.atlhyper.state === "Running";
        }).length === 2,
      60_000,
    );
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    await product?.[Symbol.asyncDispose]();
    await lab?.[Symbol.asyncDispose]();
  }, 60_000);

  async function open(path: string): Promise<Page & AsyncDisposable> {
    const context = await browser.newContext({
      storageState: signedIn,
      viewport: { width: 1280, height: 900 },
    });
    const page = await context.newPage();
    const said = complaints(page);
    await page.goto(product.url + path);
    return Object.assign(page, {
      async [Symbol.asyncDispose]() {
        expect(said.filter((line) => !/422/.test(line))).toEqual([]);
        await context.close();
      },
    });
  }
  const screen = async (page: Page) => (await page.locator("#screen .xterm-rows").textContent()) ?? "";

  test("the logs of a Deployment are followed, merged, and joined by pods as they come", async () => {
    await using page = await open(`/logs/${cluster}/deployment/shop/web`);
    const names = async () => new Set(await page.locator(".log-pod").allTextContents());
    await eventually("both pods write", async () => (await names()).size === 2);
    await lab.kubectl(["scale", "-n", "shop", "deployment/web", "--replicas=3"]);
    await eventually("the third joins", async () => (await names()).size === 3, 60_000);
    const first = (await podsOf("web"))[0]!;
    await page.keyboard.press("/");
    await page.keyboard.type(`of ${first}`);
    await eventually("only its lines are shown", async () => {
      const shown = await page.locator(".log-line:not([hidden]) .log-text").allTextContents();
      return shown.length > 0 && shown.every((one) => one.includes(first));
    });
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await page.keyboard.press("f");
    expect(await page.locator("#log-follow").getAttribute("aria-pressed")).toBe("false");
    await page.locator("#log").evaluate((log) => {
      log.scrollTop = 0;
    });
    await page.locator("#log-new:not([hidden])").waitFor();
    await page.keyboard.press("End");
    expect(await page.locator("#log-follow").getAttribute("aria-pressed")).toBe("true");
  }, 120_000);

  test("a terminal runs commands, follows the window's size, drops titles and links, and tells the exit code", async () => {
    const [pod] = await podsOf("web");
    await using page = await open(`/terminal/${cluster}/shop/${pod}`);
    await eventually("the shell is there", async () => (await screen(page)).includes("#"));
    const title = await page.title();
    await page.keyboard.type("echo $((6*7))-answer; stty size\n");
    await eventually("the answer", async () => (await screen(page)).includes("42-answer"));
    const size = async () =>
      /(\d+) (\d+)\s*(?:~|\/) #/
        .exec(await screen(page))
        ?.slice(1)
        .map(Number);
    await page.keyboard.type("clear; stty size\n");
    const { value: before } = await eventually("a size", size);
    await page.setViewportSize({ width: 700, height: 600 });
    await Bun.sleep(500);
    await page.keyboard.type("clear; stty size\n");
    const { value: after } = await eventually("another size", async () => {
      const now = await size();
      return now && now[1] !== before[1] ? now : undefined;
    });
    expect(after[1]).toBeLessThan(before[1]!);
    await page.keyboard.type(
      "printf '\\033]0;evil\\007\\033]8;;http://evil.test\\007a-link\\033]8;;\\007\\n'\n",
    );
    await eventually("the text alone", async () => (await screen(page)).includes("a-link"));
    expect(await page.title()).toBe(title);
    expect(await page.locator("#screen a").count()).toBe(0);
    await page.keyboard.press("Control+Shift+E");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("screen");
    await page.keyboard.press("Enter");
    await page.keyboard.type("exit 7\n");
    await eventually("its end", async () =>
      (await page.locator("#terminal-state").textContent())?.includes("exit code 7"),
    );
    const { value: ends } = await eventually("it is written down", async () => {
      const all = (await audit()).filter((one) => one.action.startsWith("exec."));
      return all.length === 2 ? all : undefined;
    });
    expect(ends.map((one) => one.action).toSorted()).toEqual(["exec.begin", "exec.end"]);
    expect(JSON.stringify(ends)).toContain("exit code 7");
    // What was typed stands nowhere.
    expect(JSON.stringify(await audit())).not.toContain("answer");
  }, 120_000);

  test("a manifest is edited by keyboard, reviewed as a difference, applied, and taken back", async () => {
    await lab.apply({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "settings", namespace: "shop" },
      data: { colour: "red" },
    });
    const colour = async () =>
      (await lab.kubectl(["get", "cm", "-n", "shop", "settings", "-o", "jsonpath={.data.colour}"])).trim();
    await using page = await open(`/resources/${cluster}/v1/ConfigMap/shop/settings?edit=1`);
    const text = await page.locator("#manifest").inputValue();
    await page.locator("#manifest").fill(text.replace("colour: red", "colour: blue"));
    await page.keyboard.press("Control+s");
    await page.locator("#review").waitFor();
    const difference = await page.locator(".difference").textContent();
    expect(difference).toContain("−   colour: red");
    expect(difference).toContain("+   colour: blue");
    // kubectl made it, so its field is taken over from it.
    expect(await page.locator("#review").textContent()).toContain(".data.colour belongs to kubectl");
    expect(await colour()).toBe("red");
    await page.locator('button[value="apply"]').press("Enter");
    await page.waitForURL(/\/commands\//);
    await eventually("it is applied", async () => (await colour()) === "blue");
    await page.locator('.acts a[href^="/actions/undo"]').click();
    await page.locator("#act-go").click();
    await eventually("it is taken back", async () => (await colour()) === "red");
  }, 90_000);

  test("values of a Secret are masked, and revealed once to an administrator, who is written down", async () => {
    await lab.apply({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "vault", namespace: "shop" },
      stringData: { word: "open-sesame" },
    });
    const encoded = Buffer.from("open-sesame").toString("base64");
    await using page = await open(`/resources/${cluster}/v1/Secret/shop/vault`);
    expect(await page.locator("pre.yaml").textContent()).toContain("<masked: 11 bytes>");
    expect(await page.content()).not.toContain(encoded);
    await page.locator('[data-dialog="reveal"]').click();
    await page.locator("#reveal button.danger").click();
    await page.waitForFunction((one) => document.body.textContent!.includes(one), encoded);
    await page.goto(`${product.url}/resources/${cluster}/v1/Secret/shop/vault`);
    expect(await page.content()).not.toContain(encoded);
    const views = (await audit()).filter((one) => one.action === "secret.view");
    expect(views).toMatchObject([{ object: "Secret shop/vault" }]);
  }, 60_000);

  test("custom objects are listed, and shown like any other", async () => {
    await lab.apply({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "widgets.example.test" },
      spec: {
        group: "example.test",
        scope: "Namespaced",
        names: { plural: "widgets", singular: "widget", kind: "Widget", shortNames: ["wd"] },
        versions: [
          {
            name: "v1",
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
          },
        ],
      },
    });
    await eventually("the kind is there", () =>
      lab
        .apply({
          apiVersion: "example.test/v1",
          kind: "Widget",
          metadata: { name: "w1", namespace: "shop" },
          spec: { size: 3 },
        })
        .then(
          () => true,
          () => false,
        ),
    );
    await using page = await open(`/resources/${cluster}/example.test~v1/Widget`);
    await page.locator('a:text-is("w1")').click();
    await page.locator("pre.yaml").waitFor();
    expect(await page.locator("pre.yaml").textContent()).toContain("size: 3");
  }, 60_000);

  test("a drain that a budget blocks says so and waits; cancelled it leaves the node as it says; allowed it empties it", async () => {
    const budget = (minAvailable: number) => ({
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: { name: "keep", namespace: "shop" },
      spec: { minAvailable, selector: { matchLabels: { app: "web" } } },
    });
    await lab.kubectl(["scale", "-n", "shop", "deployment/web", "--replicas=2"]);
    await lab.apply(budget(2));
    const cordoned = async () =>
      (await lab.kubectl(["get", "node", "kubelab-1", "-o", "jsonpath={.spec.unschedulable}"])) === "true";
    await using page = await open(`/drain/${cluster}/kubelab-1`);
    // CoreDNS writes to no emptyDir; whatever must not go is allowed to.
    for (const name of ["deleteEmptyDirData", "force"]) {
      await page.locator(`input[name="${name}"][type="checkbox"]`).focus();
      await page.keyboard.press("Space");
      await page.waitForURL(new RegExp(`${name}=1`));
    }
    await eventually("the budget is told of", async () => {
      await page.reload();
      return (await page.locator("#plan").textContent())?.includes("keep allows no disruption now");
    });
    expect(await cordoned()).toBe(false);
    await page.locator("#plan button.danger").focus();
    expect(await page.locator("#plan button.danger").textContent()).toMatch(/^Drain \d+ pods$/);
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/commands\//);
    await eventually(
      "it waits and says for what",
      async () => (await page.locator("main").textContent())?.includes("keep"),
      60_000,
    );
    expect(await cordoned()).toBe(true);
    await page.locator('form:has(input[value="cancel"]) button').click();
    await eventually(
      "it has ended as it says",
      async () => (await page.locator("main").textContent())?.includes("stays cordoned"),
      30_000,
    );
    expect(await cordoned()).toBe(true);
    expect(await podsOf("web")).toHaveLength(2);
    await lab.apply(budget(0));
    await page.goto(`${product.url}/drain/${cluster}/kubelab-1?deleteEmptyDirData=1&force=1`);
    await page.locator("#plan button.danger").press("Enter");
    await page.waitForURL(/\/commands\//);
    await eventually(
      "the node is empty",
      async () =>
        (await lab.kubectl([
          "get",
          "pods",
          "-n",
          "shop",
          "-l",
          "app=web",
          "--field-selector",
          "spec.nodeName=kubelab-1",
          "-o",
          "name",
        ])) === "",
      90_000,
    );
    await lab.kubectl(["uncordon", "kubelab-1"]);
  }, 240_000);
});
