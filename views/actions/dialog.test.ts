import { expect, test } from "bun:test";
import type { KindKey } from "../../wire/kind-names.ts";
import type { AnyItem } from "../../wire/kinds.ts";
import { rowOf, viewer } from "../testing/viewing.ts";
import { texts } from "../text/text.ts";
import type { Asked } from "./asked.ts";
import { consequences } from "./consequence.ts";
import { actionDialog } from "./dialog.ts";
import { argsOf } from "./fields.ts";
import { type ActionKey, type ActionObject, actionOf } from "./registry.ts";

function object(kind: KindKey, name: string, item: object = {}): ActionObject {
  const namespace = kind === "node" ? "" : "shop";
  const { summary = {}, ...rest } = item as { summary?: object };
  return {
    cluster: "c1",
    kind,
    namespace,
    name,
    row: rowOf({ summary: { name, namespace, ...summary }, ...rest } as AnyItem),
  };
}

function asked(key: ActionKey, objects: ActionObject[], more: Partial<Asked> = {}): Asked {
  return {
    action: actionOf(key)!,
    objects,
    leftOut: [],
    around: objects.map(() => ({ pods: 3, ready: 3 })),
    owners: [],
    idem: "12345678",
    values: {},
    faults: {},
    back: undefined,
    ...more,
  };
}
const text = (one: Asked, lang: "en" | "zh" = "en") =>
  actionDialog(viewer("/", { t: texts[lang], lang }), one)
    .text.replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ");
const markup = (one: Asked) => actionDialog(viewer(), one).text;

test("a restart says which pods go and how many of their siblings stay ready, with the verb on the button", () => {
  const pods = ["a", "b", "c"].map((name) => object("pod", name));
  const one = asked("restart", pods, {
    owners: [{ owner: "Deployment web", going: 3, all: 5, stayReady: 2 }],
  });
  expect(text(one)).toContain("Restart 3 pods");
  expect(text(one)).toContain("in production");
  expect(text(one)).toContain("Deployment web: 3 of its 5 pods go, 2 stay ready meanwhile.");
  expect(markup(one)).toMatch(/id="act-go">Restart 3 pods</);
  expect(text(one, "zh")).toContain("重启 3 个 Pod");
});

test("it is warned of what leaves nothing ready, and of what nothing makes again", () => {
  const share = { owner: "Deployment web", going: 1, all: 1, stayReady: 0 };
  expect(consequences(texts.en, asked("restart", [object("pod", "a")], { owners: [share] }))).toContainEqual({
    text: "No pod of Deployment web is ready until a new one is.",
    warning: true,
  });
  const orphan = asked("delete", [object("pod", "a")], { owners: [{ ...share, owner: "" }] });
  expect(consequences(texts.en, orphan)[0]).toEqual({
    text: "Nothing makes it again: it has no controller.",
    warning: true,
  });
});

test("the button that cannot be taken back is never the one that Enter presses", () => {
  const html = markup(asked("delete", [object("pod", "a")]));
  expect(html.indexOf('value="cancel"')).toBeLessThan(html.indexOf('id="act-go"'));
  expect(html).toMatch(/value="cancel" autofocus/);
  const harmless = markup(asked("cordon", [object("node", "n1")]));
  expect(harmless.indexOf('id="act-go"')).toBeLessThan(harmless.indexOf('value="cancel"'));
});

test("scaling says how many there are and become, and which autoscaler will have its say", () => {
  const web = object("deployment", "web", { summary: { replicas: 3, ready: 2 } });
  const one = asked("scale", [web], {
    around: [{ pods: 3, ready: 2, autoscaler: { name: "web", min: 2, max: 8 } }],
    values: { replicas: "5" },
  });
  expect(text(one)).toContain("3 replicas now, 2 ready.");
  expect(text(one)).toContain("HorizontalPodAutoscaler web keeps it between 2 and 8");
  expect(markup(one)).toMatch(/data-verb="Scale from 3 to \{n\}">Scale from 3 to 5</);
  expect(text({ ...one, values: { replicas: "0" } })).toContain("0 replicas end all its pods.");
});

test("faults stand beside their fields, with what was entered kept", () => {
  const web = object("deployment", "web", { summary: { replicas: 3 } });
  const html = markup(
    asked("scale", [web], { values: { replicas: "-1" }, faults: { replicas: "A whole number." } }),
  );
  expect(html).toContain('value="-1"');
  expect(html).toMatch(/aria-invalid="true" aria-describedby="field-act-replicas-fault"/);
  expect(markup(asked("pause", [web], { faults: { "": "it moved on" } }))).toContain(
    '<p class="fault" role="alert">it moved on</p>',
  );
});

test("what is entered becomes arguments, or a fault at its field", () => {
  const t = texts.en;
  const web = object("deployment", "web", {
    template: {
      containers: [
        { name: "app", image: "web:1" },
        { name: "log", image: "log:1" },
      ],
    },
  });
  expect(argsOf(t, "scale", web, { replicas: " 5 " })).toEqual({ args: { replicas: 5 } });
  for (const replicas of ["", "-1", "1.5", "10001", "many"])
    expect(argsOf(t, "scale", web, { replicas })).toHaveProperty("faults.replicas");
  expect(argsOf(t, "image", web, { "image.app": "web:2", "image.log": "log:1" })).toEqual({
    args: { images: { app: "web:2" } },
  });
  expect(argsOf(t, "image", web, { "image.app": "web:1" })).toEqual({
    faults: { "image.app": t.actions.fault.noImage },
  });
  expect(argsOf(t, "image", web, { "image.log": "a b" })).toEqual({
    faults: { "image.log": t.actions.fault.image },
  });
  const pod = object("pod", "a");
  expect(argsOf(t, "delete", pod, { grace: "" })).toEqual({ args: {} });
  expect(argsOf(t, "delete", pod, { grace: "0" })).toEqual({ args: { gracePeriodSeconds: 0 } });
  expect(argsOf(t, "delete", pod, { grace: "soon" })).toHaveProperty("faults.grace");
  expect(argsOf(t, "delete", pod, { force: "1", grace: "soon" })).toEqual({ args: { force: true } });
  expect(argsOf(t, "unsuspend", object("cronjob", "c"), {})).toEqual({ args: { suspend: false } });
});

test("going back to a revision shows what changes, and cannot be asked for while that is not known", () => {
  const web = object("deployment", "web");
  const rollback = {
    revision: 2,
    from: 3,
    revisions: [
      { revision: 3, current: true, images: ["web:3"] },
      { revision: 2, current: false, images: ["web:2"] },
    ],
    difference: [
      { sign: "-", text: "image: web:3" },
      { sign: "+", text: "image: web:2" },
    ],
  } as const;
  const html = markup(asked("rollback", [web], { rollback: structuredClone(rollback) as never }));
  expect(html).toContain('<span class="removed">− image: web:3');
  expect(html).toMatch(/id="act-go">Roll back to revision 2</);
  expect(html).not.toContain('value="3"');
  expect(markup(asked("rollback", [web], { rollback: { problem: "no answer" } }))).toMatch(
    /id="act-go" disabled/,
  );
});

test("what cannot be is left out by name and reason, and a dialog with nothing left has no verb", () => {
  const out = [{ name: "lone", reason: { by: "noController" } as const }];
  expect(text(asked("restart", [object("pod", "a")], { leftOut: out }))).toContain(
    "lone it has no controller that would make it again",
  );
  expect(markup(asked("restart", [], { leftOut: out }))).not.toContain("act-go");
});
