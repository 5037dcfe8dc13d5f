/** A process for tests that is a master until it is killed, and may send to this machine. */
import { masterConfig } from "../config.ts";
import { startMaster } from "../start.ts";
import { trustedProxies } from "../trusted-proxies.ts";

const config = masterConfig({
  port: 0,
  data: process.argv[2]!,
  notifyPrivate: trustedProxies(["127.0.0.1"]),
});
const { url } = await startMaster(config, { log: () => undefined });
process.stdout.write(`${url}\n`);
