/** Of smtp-server, which brings no types, what the test uses. */
declare module "smtp-server" {
  import type { EventEmitter } from "node:events";
  import type { Server } from "node:net";
  interface Session {
    secure: boolean;
    user?: unknown;
    envelope: { mailFrom: { address: string } | false; rcptTo: { address: string }[] };
  }
  export class SMTPServer extends EventEmitter {
    constructor(options: {
      secure: boolean;
      key?: string;
      cert?: string;
      authOptional?: boolean;
      hideSTARTTLS?: boolean;
      onAuth(
        auth: { username: string; password: string },
        session: Session,
        done: (error: Error | null, response?: { user: string }) => void,
      ): void;
      onData(
        stream: EventEmitter,
        session: Session,
        done: (error: Error | null, text?: string) => void,
      ): void;
    });
    server: Server;
    listen(port: number, host: string, listening: () => void): void;
    close(closed: () => void): void;
  }
}
