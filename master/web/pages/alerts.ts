import type { AlertView, ChannelView, RuleComparison } from "../../../views/alert-model.ts";
import { channelsPage } from "../../../views/pages/alerts/channels.ts";
import { alertPage } from "../../../views/pages/alerts/detail.ts";
import { alertsPage, alertsPerPage } from "../../../views/pages/alerts/list.ts";
import { ruleImportPage } from "../../../views/pages/alerts/rule-import.ts";
import { rulesPage } from "../../../views/pages/alerts/rules.ts";
import { silencesPage } from "../../../views/pages/alerts/silences.ts";
import type { RulePreview } from "../../../views/rule-preview.ts";
import { may } from "../../../views/viewing.ts";
import { problem } from "../../../wire/problem.ts";
import { placeOf } from "../../alert/alerts.ts";
import { standingOfChannel } from "../../alert/times/active.ts";
import { ownZone } from "../../alert/times/zone.ts";
import { channelTypes } from "../../notify/registry.ts";
import { alertPlaces } from "../alerting.ts";
import { tenantNames } from "../granting.ts";
import type { Page, PageContext } from "../page.ts";

const mayActOn =
  ({ deps, user }: PageContext) =>
  ({ cluster, namespace }: AlertView) =>
    deps.access.may(user, "operator", { cluster, ...(namespace ? { namespace } : {}) });

const oneOf = <T extends string>(value: string | null, known: readonly T[]): T | undefined =>
  known.find((one) => one === value);

export const alerts: Page = {
  path: "/alerts",
  nav: "alerts",
  topics: ["alerts"],
  load(ctx) {
    const { v, deps, user, form } = ctx;
    const found = deps.alerts.list({
      ...v.scope,
      state: oneOf(v.query.get("state"), ["firing", "pending", "resolved"]),
      severity: oneOf(v.query.get("severity"), ["critical", "warning", "info"]),
      rule: v.query.get("rule")?.slice(0, 100) || undefined,
      q: v.query.get("q")?.slice(0, 100) || undefined,
    });
    const firing = deps.alerts.list({ ...v.scope, state: "firing" }).length;
    const asked = Number(v.query.get("from") ?? 1) - 1;
    const from = Number.isInteger(asked) && asked > 0 && asked < found.length ? asked : 0;
    const data = {
      alerts: found.slice(from, from + alertsPerPage),
      total: found.length,
      from,
      muted: deps.alerts.muted,
      firing,
      channels: deps.access.may(user, "admin", {}) ? deps.alerting.channels(user).length : undefined,
      mayAct: mayActOn(ctx),
    };
    const title = v.t.alerts.title;
    return { title: firing > 0 ? `(${firing}) ${title}` : title, fragments: alertsPage(v, data, form) };
  },
};

export const alertDetail: Page = {
  path: "/alerts/:fingerprint",
  nav: "alerts",
  topics: ["alerts"],
  async load(ctx) {
    const { v, deps, user, params } = ctx;
    const fingerprint = params.fingerprint ?? "";
    const alert = await deps.alerts.find(fingerprint);
    if (!alert) throw problem(404, "there is no such alert");
    const sent = may(v, "admin")
      ? await deps.alerting.deliveries(user, { fingerprint, limit: 20 })
      : undefined;
    return {
      title: `${alert.name} · ${alert.object}`,
      fragments: alertPage(v, {
        alert,
        muted: deps.alerts.muted(fingerprint),
        history: await deps.alerts.history(fingerprint),
        escalations: deps.alerts.escalations(fingerprint),
        channels: new Map(deps.alerting.channels(user).map((one) => [one.id, one.name])),
        deliveries: sent?.items,
        mayAct: mayActOn(ctx)(alert),
        zone: ownZone(),
      }),
    };
  },
};

export const alertRules: Page = {
  path: "/alerts/rules",
  nav: "alerts",
  topics: ["alerts"],
  async load({ v, deps, user, form }) {
    const firing = new Map<string, number>();
    for (const one of deps.alerts.list({ ...v.scope, state: "firing" }))
      firing.set(one.rule, (firing.get(one.rule) ?? 0) + 1);
    const rules = deps.alerting.rules(user);
    const asked = form?.values.id ?? form?.shown.id ?? v.query.get("edit");
    const looked = rules.filter((one) => one.id === asked);
    const data = {
      rules,
      files: deps.alerting.ruleFiles(user),
      preview: form?.shown.preview ? (JSON.parse(form.shown.preview) as RulePreview) : undefined,
      yaml: looked.length > 0 ? await deps.alerting.yaml(looked) : undefined,
      firing,
      mayChange: ({ tenant }: { tenant?: string }) =>
        deps.access.may(user, "admin", tenant === undefined ? {} : { tenant }),
      places: await alertPlaces(deps, user, "admin", false),
    };
    return { title: v.t.alerts.tabs.rules, fragments: rulesPage(v, data, form) };
  },
};

export const ruleImport: Page = {
  path: "/alerts/rules/import",
  nav: "alerts",
  role: "admin",
  topics: [],
  async load({ v, deps, user, form }) {
    const data = {
      count: deps.alerting.rules(user).length,
      places: await alertPlaces(deps, user, "admin", false),
      compared: form?.shown.compared ? (JSON.parse(form.shown.compared) as RuleComparison) : undefined,
    };
    return { title: v.t.alerts.ruleFiles.import, fragments: ruleImportPage(v, data, form) };
  },
};

export const silences: Page = {
  path: "/alerts/silences",
  nav: "alerts",
  topics: ["alerts"],
  async load({ v, deps, user, form }) {
    const found = deps.alerting.silences(user);
    const holds = found.filter((one) => one.startsMs <= v.now && v.now < one.endsMs);
    const [startsMs, endsMs] = form?.shown.opening?.split("-").map(Number) ?? [];
    const preview = form?.shown.preview?.split(" ").flatMap((one) => deps.alerts.get(one) ?? []);
    const data = {
      silences: found,
      hides: new Map(holds.map((one) => [one.id, deps.alerts.hidden(one).length])),
      mayChange: (one: Parameters<typeof placeOf>[0]) => deps.access.may(user, "operator", placeOf(one)),
      places: await alertPlaces(deps, user, "operator", true),
      tenants: await tenantNames(deps, user),
      preview,
      opening: startsMs !== undefined && endsMs !== undefined ? { startsMs, endsMs } : undefined,
      zone: ownZone(),
    };
    return { title: v.t.alerts.tabs.silences, fragments: silencesPage(v, data, form) };
  },
};

export const channels: Page = {
  path: "/alerts/channels",
  nav: "alerts",
  role: "admin",
  topics: ["alerts"],
  async load({ v, deps, user, form }) {
    const data = {
      channels: deps.alerting.channels(user),
      failing: await deps.alerting.failing(user),
      types: channelTypes,
      deliveries: (await deps.alerting.deliveries(user, { limit: 30 })).items,
      places: await alertPlaces(deps, user, "admin", false),
      heartbeat: deps.access.may(user, "admin", {}) ? deps.heartbeat() : undefined,
      standing: (one: ChannelView) => standingOfChannel(one, v.now),
      zone: ownZone(),
    };
    return { title: v.t.alerts.tabs.channels, fragments: channelsPage(v, data, form) };
  },
};
