/** A process for tests that is a master until it is killed, and says on its output where it listens. */
import { masterConfig } from "../config.ts";
import { startMaster } from "../start.ts";

const config = masterConfig({ port: 0, data: process.argv[2]!, ...JSON.parse(process.argv[3] ?? "{}") });
const { url } = await startMaster(config, { log: () => undefined });
process.stdout.write(`${url}\n`);
