/// <reference path="./smtp-server.d.ts" />
import { SMTPServer } from "smtp-server";

export interface TakenMail {
  text: string;
  from: string;
  to: string[];
  secure: boolean;
  user: string;
}

/** A real SMTP server that keeps what it is given. */
export async function startMail(options: { secure?: boolean; key?: string; cert?: string } = {}) {
  const mails: TakenMail[] = [];
  const server = new SMTPServer({
    secure: options.secure ?? false,
    ...(options.cert && options.key ? { key: options.key, cert: options.cert } : {}),
    // Without a certificate of its own it speaks in the clear.
    hideSTARTTLS: !options.cert,
    authOptional: true,
    onAuth(auth, _session, done) {
      if (auth.username === "ana" && auth.password === "right password") done(null, { user: "ana" });
      else done(new Error("535 wrong user or password"));
    },
    onData(stream, session, done) {
      let text = "";
      stream.on("data", (chunk: Buffer) => {
        text += chunk;
      });
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          text,
          from: mailFrom ? mailFrom.address : "",
          to: rcptTo.map((one) => one.address),
          secure: session.secure,
          user: String(session.user),
        });
        done(null, "taken as 42");
      });
    },
  });
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const { port } = server.server.address() as { port: number };
  return {
    port: String(port),
    mails,
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
