import type { Environment } from "../kit/env.ts";
import type { Position } from "../master/audit/chain.ts";
import { auditKey } from "../master/audit/key.ts";
import { exportAudit } from "../master/audit/search.ts";
import { verifyAudit } from "../master/audit/verify.ts";
import { masterVariables, readMasterConfig } from "../master/config.ts";
import { type Command, complain, expectNoMore, print, takeOptions, UsageError } from "./command.ts";
import { withDatabase } from "./with-database.ts";

export const audit: Command = {
  usage: "audit verify [--known N:HASH] | export [--from TIME] [--to TIME]",
  summary: "verifies the audit log, or writes it as JSON lines",
  options: {
    "--known": "an entry's number and hash as `verify` printed them earlier: it must still be there",
    "--from": "not before this time, such as 2026-01-31 or 2026-01-31T12:00:00Z",
    "--to": "not after this time",
  },
  variables: { data: masterVariables.data, auditKey: masterVariables.auditKey },
  async run([action, ...args]: string[], environment: Environment) {
    const config = readMasterConfig(environment);
    if (action === "verify") {
      const { options, rest } = takeOptions(args, ["known"]);
      expectNoMore(rest);
      const known = options.known === undefined ? undefined : positionOf(options.known);
      const key = auditKey(config.data, config.auditKey);
      const { entries, end, fault } = await withDatabase(config, (db) => verifyAudit(db, key, known));
      if (fault) {
        complain(`the audit log does not verify: entry ${fault.seq} ${fault.what}`);
        return 1;
      }
      print(`${entries} entries verified; the last is ${end.seq}:${end.hash}`);
      return 0;
    }
    if (action === "export") {
      const { options, rest } = takeOptions(args, ["from", "to"]);
      expectNoMore(rest);
      const range = {
        ...(options.from === undefined ? {} : { fromMs: timeOf("from", options.from) }),
        ...(options.to === undefined ? {} : { toMs: timeOf("to", options.to) }),
      };
      await withDatabase(config, async (db) => {
        const out = Bun.stdout.writer();
        for await (const lines of exportAudit(db, range, () => true)) {
          out.write(lines);
          await out.flush();
        }
        await out.end();
      });
      return 0;
    }
    throw new UsageError("what to do is missing: verify or export");
  },
};

function positionOf(text: string): Position {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (seq === undefined)
    throw new UsageError("--known is a number and a hash, as `audit verify` prints them");
  return { seq: Number(seq), hash: hash! };
}

function timeOf(name: string, text: string): number {
  const ms = Date.parse(text);
  if (!Number.isFinite(ms)) throw new UsageError(`--${name} is a time such as 2026-01-31T12:00:00Z`);
  return ms;
}
