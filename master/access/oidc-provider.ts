import * as client from "openid-client";
import { problem } from "../../wire/problem.ts";
import { type OidcSettings, onThisMachine } from "./oidc-settings.ts";

const answerWithinS = 10;

/** Gives what the provider says of itself, asked for once; 502 where it does not answer. */
export function providerOf(settings: OidcSettings): () => Promise<client.Configuration> {
  let discovered: Promise<client.Configuration> | undefined;
  return () => {
    discovered ??= client
      .discovery(
        new URL(settings.issuer),
        settings.clientId,
        settings.clientSecret || undefined,
        settings.clientSecret ? undefined : client.None(),
        {
          timeout: answerWithinS,
          execute: onThisMachine(settings.issuer) ? [client.allowInsecureRequests] : [],
        },
      )
      .catch((error) => {
        // Asked again by the next who comes: the provider may be back by then.
        discovered = undefined;
        throw problem(502, `the sign-in provider does not answer as it should: ${(error as Error).message}`);
      });
    return discovered;
  };
}

/** What to call somebody: only for people's eyes, since the subject alone says who it is. */
export function nameIn(claims: Record<string, unknown> & { sub: string }): string {
  for (const one of [claims.preferred_username, claims.email, claims.name, claims.sub]) {
    if (typeof one !== "string") continue;
    const name = one
      .normalize("NFC")
      .replace(/[\p{Cc}\p{Cf}]/gu, "")
      .trim()
      .slice(0, 50);
    if (name !== "") return name;
  }
  return "user";
}
