/**
 * From the sample that crosses a rule's level to the notification at its receiver, over HTTP on both ends: a rule that
 * waits for nothing, a channel that does not either. Prints `name value unit`. `bun bench/alert-latency.ts [rounds]`
 */
import { atOnce, startAlertMaster, startReceiver } from "../master/alert/testing.ts";

const rounds = Number(process.argv[2] ?? 30);
const receiver = startReceiver();
const { master, cluster, ask } = await startAlertMaster();

const made = await ask("/api/v1/alert-rules", {
  name: "Busy",
  enabled: true,
  severity: "warning",
  condition: { type: "threshold", group: "cpu", series: "usage", op: "above", trigger: 0.9, clear: 0.9 },
  forMs: 0,
  keepMs: 0,
  scope: {},
  labels: {},
  annotations: { summary: "{{ node }} is busy", description: "" },
});
if (made.status !== 200) throw new Error(made.text);
// Each node is a group of its own, so that none waits for the interval of another.
const channel = { ...atOnce, name: "receiver", type: "webhook", settings: { url: receiver.url } };
const added = await ask("/api/v1/channels", { ...channel, groupBy: ["node"], sendResolved: false });
if (added.status !== 200) throw new Error(added.text);

const tell = (node: string, usage: number) =>
  cluster.push("/ingest/metrics/snapshot", "metrics_snapshot", {
    snapshots: [{ nodeName: node, timestamp: new Date().toISOString(), cpu: { usage, cores: 4 } }],
  });
const times: number[] = [];
for (let round = 0; round < rounds; round++) {
  await tell(`n-${round}`, 0.5);
  // At any moment of the second in which rules are judged.
  await Bun.sleep(300 + Math.random() * 1000);
  const start = performance.now();
  await tell(`n-${round}`, 0.99);
  await receiver.got(round + 1);
  times.push(performance.now() - start);
}
times.sort((a, b) => a - b);
console.log(`alert_sample_to_notification_p50 ${Math.round(times[Math.floor(rounds / 2)]!)} ms`);
console.log(`alert_sample_to_notification_worst ${Math.round(times.at(-1)!)} ms`);
await receiver.stop();
await master.stop();
