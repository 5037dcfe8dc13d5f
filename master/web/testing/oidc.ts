import { groupRoles } from "../../access/oidc-settings.ts";
import { startTestMaster, type TestMaster } from "../../harness.ts";
import { startProvider, type TestProvider } from "./provider.ts";

export const mapping = groupRoles("", "", "").parse("ops=admin; dev=operator");

export async function setUp(more: { oidcOnly?: boolean; requireTotp?: "everybody" } = {}) {
  // The port is taken for a moment to be known to the provider before the master listens on it.
  const free = Bun.serve({ port: 0, fetch: () => new Response() });
  const { port } = free;
  await free.stop(true);
  const site = `http://127.0.0.1:${port}`;
  const provider = await startProvider(`${site}/sign-in/oidc/callback`);
  const master = await startTestMaster({
    port: port!,
    oidcIssuer: provider.issuer,
    oidcClientId: "atlhyper",
    oidcClientSecret: "a-secret-of-the-client",
    oidcName: "Example",
    oidcRoles: mapping,
    ...more,
  });
  return {
    provider,
    master,
    async [Symbol.asyncDispose]() {
      await master.stop();
      provider[Symbol.dispose]();
    },
  };
}

/** A browser: keeps cookies by site, and follows redirects one at a time. */
export class Browser {
  readonly #jars = new Map<string, Map<string, string>>();

  async get(address: string): Promise<Response> {
    const { origin } = new URL(address);
    const jar = this.#jars.get(origin) ?? new Map<string, string>();
    this.#jars.set(origin, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(address, { redirect: "manual", headers: { cookie } });
    for (const one of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(one)!;
      if (value === "" || /max-age=0/i.test(one)) jar.delete(name!);
      else jar.set(name!, value!);
    }
    return response;
  }

  cookies(site: string): Map<string, string> {
    return new Map(this.#jars.get(site));
  }

  restore(site: string, cookies: Map<string, string>): void {
    this.#jars.set(site, new Map(cookies));
  }

  /** Follows redirects until an address matches or an answer is none. */
  async follow(address: string, until?: RegExp): Promise<{ address: string; response?: Response }> {
    let at = address;
    for (let n = 0; n < 12; n++) {
      if (until?.test(at)) return { address: at };
      const response = await this.get(at);
      const to = response.headers.get("location");
      if (to === null) return { address: at, response };
      at = new URL(to, at).href;
    }
    throw new Error("too many redirects");
  }
}

export const callback = /\/sign-in\/oidc\/callback/;
export const signedIn = (master: TestMaster, browser: Browser) =>
  browser.cookies(new URL(master.url).origin).has("atlhyper_session");

export async function comeIn(
  master: TestMaster,
  _provider: TestProvider,
  browser = new Browser(),
  back = "",
) {
  const start = `${master.url}/sign-in/oidc${back && `?back=${encodeURIComponent(back)}`}`;
  const back1 = await browser.follow(start, callback);
  const response = await browser.get(back1.address);
  return { browser, response, address: back1.address };
}
