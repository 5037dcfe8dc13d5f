import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
// It brings no types of its own.
// @ts-expect-error
import { Provider } from "oidc-provider";

interface Asked {
  client: { clientId: string };
  session: { accountId: string };
}

export interface TestProvider extends Disposable {
  issuer: string;
  /** Who signs in next, without being asked. */
  who: { sub: string; groups?: string[]; name?: string };
  /** Life of the next id tokens in seconds. */
  idTokenS: number;
}

/** A real OpenID Connect provider on a free port, where whoever comes is `who`. */
export async function startProvider(redirect: string, port = 0): Promise<TestProvider> {
  let handle: (request: IncomingMessage, response: ServerResponse) => void = () => {};
  const server = createServer((request, response) => handle(request, response));
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const test: TestProvider = {
    issuer,
    who: { sub: "s1", groups: ["dev"], name: "ana" },
    idTokenS: 600,
    [Symbol.dispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: "atlhyper",
        client_secret: "a-secret-of-the-client",
        redirect_uris: [redirect],
        post_logout_redirect_uris: [new URL("/sign-in", redirect).href],
      },
    ],
    claims: { openid: ["sub"], profile: ["preferred_username", "groups"] },
    findAccount: (_: unknown, sub: string) => ({
      accountId: sub,
      claims: () => ({
        sub,
        ...(test.who.name ? { preferred_username: test.who.name } : {}),
        ...(test.who.groups ? { groups: test.who.groups } : {}),
      }),
    }),
    cookies: { keys: ["a key of the test"] },
    ttl: { IdToken: () => test.idTokenS },
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
    interactions: { url: (_: unknown, one: { uid: string }) => `/interaction/${one.uid}` },
    async loadExistingGrant(ctx: { oidc: Asked }) {
      const { client, session } = ctx.oidc;
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope("openid profile email");
      await grant.save();
      return grant;
    },
  });
  const callback = provider.callback();
  handle = (request, response) => {
    if (!request.url?.startsWith("/interaction/")) return callback(request, response);
    provider
      .interactionFinished(request, response, { login: { accountId: test.who.sub } })
      .catch((error: Error) => response.writeHead(500).end(String(error)));
  };
  return test;
}
