/** Of nodemailer, which brings no types, what email.ts uses. */
declare module "nodemailer" {
  interface Sent {
    accepted: string[];
    rejected: string[];
    response: string;
  }
  interface Transport {
    sendMail(mail: Record<string, unknown>): Promise<Sent>;
    close(): void;
  }
  export function createTransport(options: Record<string, unknown>): Transport;
}
