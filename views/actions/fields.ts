import type { Container } from "../../wire/common.ts";
import { type Html, html, nothing } from "../html.ts";
import { differenceLines } from "../parts/difference.ts";
import { field, selectField } from "../parts/form.ts";
import type { Text } from "../text/text.ts";
import type { Viewing } from "../viewing.ts";
import type { Asked } from "./asked.ts";
import { replicasOf } from "./consequence.ts";
import type { ActionKey, ActionObject } from "./registry.ts";

/** Containers of a workload's template, by whose names the fields of images are called. */
export function containersOf({ row }: Pick<ActionObject, "row">): Container[] {
  const { template } = row.item as { template?: { containers?: Container[] | null } | null };
  return template?.containers ?? [];
}

/** What a dialog asks for beside yes or no. */
export function dialogFields(v: Viewing, asked: Asked): Html {
  const t = v.t.actions.field;
  const { values, faults, objects, action } = asked;
  const [first] = objects;
  if (!first) return nothing;
  switch (action.key) {
    case "scale": {
      const now = new Set(objects.map(replicasOf));
      const value = values.replicas ?? (now.size === 1 ? String(replicasOf(first)) : "");
      return field({
        id: "act-replicas",
        name: "replicas",
        label: t.replicas,
        type: "number",
        value,
        min: 0,
        required: true,
        autofocus: true,
        fault: faults.replicas,
      });
    }
    case "image":
      return html`${containersOf(first).map((one, at) => {
        const name = `image.${one.name}`;
        return field({
          id: `act-image-${at}`,
          name,
          label: t.image(one.name),
          value: values[name] ?? one.image ?? "",
          hint: t.imageNow(one.image ?? "–"),
          fault: faults[name],
          maxlength: 1000,
          autofocus: at === 0,
        });
      })}`;
    case "delete":
      return first.kind === "pod" ? podDelete(v, asked, first) : nothing;
    case "rollback":
      return rollback(v, asked);
    default:
      return nothing;
  }
}

function podDelete(v: Viewing, { values, faults }: Asked, first: ActionObject): Html {
  const t = v.t.actions.field;
  const { spec } = first.row.item as { spec?: { terminationGracePeriodSeconds?: number | null } | null };
  return html`${field({
    id: "act-grace",
    name: "grace",
    label: t.grace,
    type: "number",
    min: 0,
    value: values.grace ?? "",
    hint: t.graceHint(spec?.terminationGracePeriodSeconds ?? undefined),
    fault: faults.grace,
  })}<div class="field"><label class="tick"><input type="checkbox" name="force" value="1"${values.force ? html` checked` : nothing}>${t.force}</label><p class="hint">${t.forceHint}</p></div>`;
}

function rollback(v: Viewing, asked: Asked): Html {
  const t = v.t.actions;
  const { rollback: back } = asked;
  if (!back) return nothing;
  if ("problem" in back) return html`<p class="fault">${t.rollback.asking} ${v.t.told(back.problem)}</p>`;
  const options = back.revisions
    .filter((one) => !one.current)
    .map((one): [string, string] => [
      String(one.revision),
      t.field.revisionOf(one.revision, one.images.join(", ")),
    ]);
  return html`${selectField("revision", t.field.revision, options, String(back.revision), "act-revision", true)}<noscript><button class="button" formmethod="get">${t.rollback.show}</button></noscript>
<div class="field"><p class="label">${t.rollback.difference}</p>${
    back.difference.length === 0
      ? html`<p class="soft">${t.rollback.same}</p>`
      : html`<pre class="difference" tabindex="0" aria-label="${t.rollback.difference}"><span class="soft">− ${t.rollback.from(back.from)}
+ ${t.rollback.to(back.revision)}
</span>${differenceLines(back.difference)}</pre>`
  }</div>`;
}

/** The arguments of a command from what was entered for an object, or what was wrong with it, by field. */
export function argsOf(
  t: Text,
  key: ActionKey,
  object: ActionObject,
  values: Readonly<Record<string, string>>,
): { args: Record<string, unknown> } | { faults: Record<string, string> } {
  const { fault } = t.actions;
  switch (key) {
    case "scale": {
      const replicas = wholeNumber(values.replicas, 10_000);
      return replicas === undefined ? { faults: { replicas: fault.replicas } } : { args: { replicas } };
    }
    case "image":
      return imageArgs(t, object, values);
    case "delete": {
      if (object.kind !== "pod") return { args: {} };
      if (values.force) return { args: { force: true } };
      if (!values.grace?.trim()) return { args: {} };
      const seconds = wholeNumber(values.grace, 86_400);
      return seconds === undefined
        ? { faults: { grace: fault.grace } }
        : { args: { gracePeriodSeconds: seconds } };
    }
    case "rollback": {
      const revision = wholeNumber(values.revision, 2_147_483_647);
      return { args: revision === undefined ? {} : { revision } };
    }
    case "suspend":
      return { args: { suspend: true } };
    case "unsuspend":
      return { args: { suspend: false } };
    default:
      return { args: {} };
  }
}

function imageArgs(t: Text, object: ActionObject, values: Readonly<Record<string, string>>) {
  const images: Record<string, string> = {};
  const faults: Record<string, string> = {};
  const containers = containersOf(object);
  for (const { name, image } of containers) {
    const entered = values[`image.${name}`]?.trim();
    if (entered === undefined || entered === image) continue;
    if (entered === "" || /\s/.test(entered)) faults[`image.${name}`] = t.actions.fault.image;
    else images[name] = entered;
  }
  if (Object.keys(faults).length > 0) return { faults };
  if (Object.keys(images).length > 0) return { args: { images } };
  return { faults: { [`image.${containers[0]?.name ?? ""}`]: t.actions.fault.noImage } };
}

function wholeNumber(text: string | undefined, most: number): number | undefined {
  const given = text?.trim() ?? "";
  return /^\d{1,10}$/.test(given) && Number(given) <= most ? Number(given) : undefined;
}
