import { channelDefaults } from "../notify/channels.ts";
import type { TestCluster, TestMaster } from "../harness.ts";
import { marker, namespaces } from "./places.ts";

/** A rule, an alert for each place, silences and channels, which name where they are for. */
export async function startTenantAlerts(
  master: TestMaster,
  clusters: Record<string, TestCluster>,
  tenants: Record<string, string>,
) {
  const { parts } = master;
  const by = (await parts.access.authenticateToken(await master.apiToken("admin")))!;
  const who = { by, address: "127.0.0.1" };
  const made: Record<
    string,
    {
      rule: string;
      channel: string;
      silences: string[];
      windows: string[];
      policy: string;
      alerts: string[];
    }
  > = {};
  for (const name of ["red", "blue"]) {
    const tenant = tenants[name]!;
    await clusters[name]!.push("/ingest/joblist", "job_list_snapshot", { jobs: [] });
    // An alert's name and words are shown to whoever sees what it is about; the rest of its rule is not.
    const named = { summary: "{{ message }}", description: "" };
    const base = {
      name: "Broken",
      enabled: true,
      severity: "critical" as const,
      labels: {},
    };
    const rule = await parts.alerting.putRule(
      who,
      undefined,
      {
        ...base,
        condition: { type: "problem", reasons: ["Broken"] },
        forMs: 0,
        keepMs: 0,
        scope: { clusters: [`${name}zqcluster`] },
        annotations: named,
      },
      tenant,
    );
    const channel = await parts.alerting.putChannel(
      who,
      undefined,
      {
        ...channelDefaults,
        name: `channel zqtenant${name}`,
        type: "webhook",
        settings: { url: `https://hook.invalid/zqtenant${name}` },
      },
      tenant,
    );
    const silences: string[] = [];
    for (const namespace of namespaces) {
      const silence = await parts.alerting.putSilence(who, undefined, {
        cluster: clusters[name]!.id,
        namespace,
        matchers: [{ name: "name", op: "=", value: `ev-${marker(name, namespace)}` }],
        comment: `about ${marker(name, namespace)}`,
        startsMs: 0,
        endsMs: Date.now() + 3_600_000,
      });
      silences.push(silence.id);
    }
    const windows: string[] = [];
    for (const place of [
      ...namespaces.map((of) => ({ cluster: clusters[name]!.id, namespace: of })),
      { tenant },
    ]) {
      const of = "namespace" in place ? marker(name, place.namespace) : `zqtenant${name}`;
      const window = await parts.alerting.putMaintenance(who, undefined, {
        ...place,
        name: `window ${of}`,
        reason: `work on ${of}`,
        matchers: [{ name: "name", op: "=", value: "nothing-is-named-so" }],
        schedule: { type: "weekly", zone: "UTC", days: ["mon"], from: "00:00", to: "24:00" },
      });
      windows.push(window.id);
    }
    const policy = await parts.alerting.putEscalation(
      who,
      undefined,
      {
        name: `policy zqtenant${name}`,
        enabled: true,
        severities: [],
        matchers: [{ name: "name", op: "=", value: "nothing-is-named-so" }],
        steps: [{ afterMs: 60_000, channel: channel.id }],
        repeats: 0,
      },
      tenant,
    );
    made[name] = { rule: rule.id, channel: channel.id, silences, windows, policy: policy.id, alerts: [] };
  }
  await parts.alerting.engine.tick();
  for (const [fingerprint, one] of parts.alerting.engine.alerts)
    for (const of of Object.values(made)) if (of.rule === one.rule) of.alerts.push(fingerprint);
  return made;
}
