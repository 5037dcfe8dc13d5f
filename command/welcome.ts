import { print } from "./command.ts";

/** Says where the pages are; while there is no user yet, by the link that makes the first administrator. */
export function printWelcome(master: { url: string; setupLink?: string }): void {
  if (master.setupLink === undefined) print(`\n  AtlHyper is at ${master.url}\n`);
  else
    print(
      `\n  AtlHyper is ready. Open this link to become its administrator (it works once):\n\n  ${master.setupLink}\n`,
    );
}
