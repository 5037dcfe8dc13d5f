import { optionalText, targetText } from "../operate/args.ts";
import { type Operation, OperationError } from "../operate/operation.ts";
import { MasterSocket } from "./master-socket.ts";
import { startExec } from "./exec-socket.ts";

/** The better of the shells that are there. */
const shell = ["/bin/sh", "-c", "command -v bash >/dev/null 2>&1 && exec bash || exec sh"];
/** So many bytes may wait for the browser before a program that writes on and on is ended. */
const mostWaiting = 8 * 2 ** 20;

/**
 * A terminal in a container, for as long as somebody looks. `args`: container, command (a list; the container's
 * shell by default), cols, rows. From the browser come bytes, which are typed, and `{"resize": [cols, rows]}`;
 * to it go bytes, and at the end `{"end": {code, message}}`.
 */
export const podExec: Operation = {
  type: "PodExec",
  async run(ctx) {
    const { command, client, signal } = ctx;
    const namespace = targetText(command, "ns");
    const pod = targetText(command, "pod");
    const asked = command.args?.command;
    const program = Array.isArray(asked) && asked.length > 0 ? asked.map(String) : shell;
    const startedMs = Date.now();
    const master = await MasterSocket.open(ctx);
    let waiting = 0;
    let queue = Promise.resolve();
    try {
      const session = await startExec(client, {
        namespace,
        pod,
        container: optionalText(command, "container"),
        command: program,
        signal,
        onOutput(bytes) {
          waiting += bytes.length;
          // A WebSocket cannot be asked to wait: what is far too fast for whoever looks is ended.
          if (waiting > mostWaiting) session.close();
          queue = queue
            .then(() => master.send(bytes))
            .then(() => {
              waiting -= bytes.length;
            });
        },
      });
      master.onBytes((bytes) => session.input(bytes));
      master.onText((text) => resize(text, session.resize));
      const { cols, rows } = command.args ?? {};
      if (typeof cols === "number" && typeof rows === "number") session.resize(cols, rows);
      const end = await Promise.race([session.ended, master.closed.then(() => undefined)]);
      session.close();
      if (end) {
        await Promise.race([queue, master.closed]);
        master.tell({ end });
      }
      const seconds = Math.round((Date.now() - startedMs) / 1000);
      const how = end ? (end.code === undefined ? end.message : `exit code ${end.code}`) : "it was left";
      return {
        message: `The terminal in ${namespace}/${pod} was open for ${seconds} s: ${how}.`,
        data: { seconds, code: end?.code },
        verified: "none",
      };
    } catch (error) {
      master.tell({ end: { message: wordsOf(error) } });
      throw error;
    } finally {
      master.close();
    }
  },
};

const wordsOf = (error: unknown) =>
  error instanceof OperationError || error instanceof Error ? error.message : String(error);

function resize(text: string, to: (cols: number, rows: number) => void): void {
  const match = /^\{"resize":\[(\d{1,4}),(\d{1,4})\]\}$/.exec(text);
  if (match) to(Number(match[1]), Number(match[2]));
}
