import { variable } from "../kit/env.ts";
import { auditedBy } from "./audit/audited.ts";
import type { Audit } from "./audit/audit.ts";
import { addCluster, findCluster } from "./database/clusters.ts";
import type { Database } from "./database/database.ts";
import { looksLikeToken } from "./database/token.ts";
import { addClusterToken, isTokenKnown } from "./database/tokens.ts";

/** In the form of those that the master makes: a word that somebody thought of would be guessed. */
export const ownClusterToken = variable((value) => {
  if (value !== "" && !looksLikeToken("cluster", value))
    throw new Error("must be atlc_ and 43 random letters, digits, - or _");
  return value;
}, true);

/**
 * Sees to it that a cluster is there whose agent's token is the one that the configuration says: a cluster of that name
 * gets it beside those that it has, and where there is none it is added. So agent and master beside each other need no
 * third to introduce them. A token that is known, be it one that has ended, is left as it is.
 */
export async function ensureOwnCluster(
  { database, audit }: { database: Database; audit: Audit },
  name: string,
  token: string,
): Promise<void> {
  if (token === "" || (await isTokenKnown(database, token))) return;
  const audited = auditedBy({ database, audit }, { actor: { kind: "system", name: "atlhyper" } });
  const found = await findCluster(database, { name });
  const object = `cluster ${name}`;
  if (found)
    await audited({ action: "cluster.rotate", tenant: found.tenant, cluster: found.id, object }, () =>
      addClusterToken(database, found.id, token),
    );
  else
    await audited(
      ({ id }) => ({ action: "cluster.add", cluster: id, object }),
      () => addCluster(database, name, undefined, undefined, undefined, token),
    );
}
