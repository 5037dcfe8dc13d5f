import { problem } from "../../../wire/problem.ts";
import { parseMatchers } from "../../alert/labels.ts";
import { checkZone, ownZone } from "../../alert/times/zone.ts";
import type { Action, ActionContext } from "../action.ts";
import { idOf, knownCluster, momentIn, placeOfForm, who, zoneOf } from "../alerting.ts";
import { safeBack } from "../back.ts";
import { seenBy } from "../deps.ts";

const path = "/alerts/silences";
const hourMs = 3_600_000;

/** From when and until when, as the form says it: a time to end at counts before a duration. 422 beside the field. */
function timesOf(ctx: ActionContext): { startsMs: number; endsMs: number } {
  const { form, deps, user } = ctx;
  const before = deps.alerting.silences(user).find((one) => one.id === idOf(ctx));
  const beganMs = before && before.startsMs <= Date.now() ? before.startsMs : undefined;
  const zone = checkZone(zoneOf(form).zone ?? ownZone());
  const given = (name: string) => (form.get(name) ?? "").trim() !== "";
  const startsMs = beganMs ?? (given("from") ? momentIn(form, "from", zone) : 0);
  if (given("to")) {
    const endsMs = momentIn(form, "to", zone);
    if (endsMs <= Math.max(startsMs, Date.now()))
      throw problem(422, "a silence ends after it begins, and within a year", { pointer: "/to" });
    return { startsMs, endsMs };
  }
  const hours = Number(form.get("hours"));
  if (!(hours > 0)) throw problem(422, "say for how long", { pointer: form.has("hours") ? "/hours" : "/to" });
  return { startsMs, endsMs: Math.max(startsMs, Date.now()) + hours * hourMs };
}

export const silencePut: Action = {
  path,
  do: "put",
  role: "operator",
  async run(ctx) {
    // The button that was pressed comes behind the field that stands in the form for Enter.
    if (ctx.form.getAll("do").includes("preview")) return silencePreview.run(ctx);
    const { form, deps } = ctx;
    const place = placeOfForm(form);
    await knownCluster(deps, place.cluster);
    await deps.alerting.putSilence(who(ctx), idOf(ctx) || undefined, {
      ...place,
      matchers: parseMatchers(form.get("matchers") ?? ""),
      comment: form.get("comment") ?? "",
      ...timesOf(ctx),
    });
    return { to: form.has("back") ? safeBack(form.get("back")) : path };
  },
};

/** Shows what a silence would hide, and when, and the form as it was. */
export const silencePreview: Action = {
  path,
  do: "preview",
  role: "operator",
  async run(ctx) {
    const { deps, user, form } = ctx;
    const matchers = parseMatchers(form.get("matchers") ?? "");
    const { startsMs, endsMs } = timesOf(ctx);
    const hidden = seenBy(deps, user).alerts.hidden({ ...placeOfForm(form), matchers });
    const kept = Object.fromEntries([...form].filter(([name]) => name !== "_csrf" && name !== "do"));
    return {
      shown: {
        ...kept,
        preview: hidden.map((one) => one.fingerprint).join(" ") || "-",
        opening: `${startsMs || Date.now()}-${endsMs}`,
      },
    };
  },
};

/** An hour more, for who is not done yet. */
export const silenceExtend: Action = {
  path,
  do: "extend",
  role: "operator",
  async run(ctx) {
    const found = ctx.deps.alerting.silences(ctx.user).find((one) => one.id === idOf(ctx));
    if (!found) throw problem(404, "there is no such silence");
    const { tenant, cluster, namespace, comment, startsMs, endsMs } = found;
    await ctx.deps.alerting.putSilence(who(ctx), found.id, {
      tenant,
      cluster,
      namespace,
      comment,
      startsMs,
      matchers: [...found.matchers],
      endsMs: endsMs + hourMs,
    });
    return { to: path };
  },
};

export const silenceEnd: Action = {
  path,
  do: "end",
  role: "operator",
  async run(ctx) {
    await ctx.deps.alerting.endSilence(who(ctx), idOf(ctx));
    return { to: path };
  },
};
