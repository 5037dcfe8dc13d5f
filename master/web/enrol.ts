import { type AnyElysia, Elysia } from "elysia";
import { Type as T } from "@sinclair/typebox";
import { parseJson, readBody } from "../../wire/body.ts";
import { decode } from "../../wire/check.ts";
import { ProblemError, problem } from "../../wire/problem.ts";
import { enrolRoute } from "../../wire/routes.ts";
import { exchangeEnrolment, manifestFetched, openEnrolment } from "../access/enrolment.ts";
import { enrolmentManifest } from "../access/enrolment-manifest.ts";
import type { MasterParts } from "../parts.ts";
import { requestInfo } from "../requests.ts";
import { publicUrl, siteOf } from "./public-url.ts";

const EnrolRequest = T.Object({ clusterID: T.String({ minLength: 1, maxLength: 200 }) });

type EnrolParts = Pick<MasterParts, "audit" | "config" | "database" | "datasource" | "refreshClusters">;

/** What `kubectl apply` fetches, and where the agent that it starts gets its token. */
export function enrolRoutes(parts: EnrolParts): AnyElysia {
  const { audit, config, database, datasource } = parts;
  return new Elysia({ name: "enrol" })
    .get("/enrol/:file", async ({ request, params }) => {
      const token = /^(.*)\.yaml$/.exec(params.file)?.[1];
      if (token === undefined) throw problem(404, "there is nothing at this address");
      const enrolment = await openEnrolment(database, token);
      if (config.agentImage === "") throw problem(503, "ATLHYPER_AGENT_IMAGE is not set on the master");
      await manifestFetched(database, enrolment);
      datasource.changed(enrolment.cluster, "clusters");
      const manifest = enrolmentManifest({
        ...enrolment,
        token,
        masterUrl: publicUrl(parts, siteOf(request)),
        image: config.agentImage,
      });
      return new Response(manifest, {
        headers: { "content-type": "application/yaml; charset=utf-8", "cache-control": "no-store" },
      });
    })
    .post(
      enrolRoute,
      async ({ request }) => {
        const { address } = requestInfo(request);
        const token = /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
        try {
          // Before the body is read, as everywhere.
          await openEnrolment(database, token);
          const { clusterID } = decode(EnrolRequest, parseJson(await readBody(request)));
          const done = await exchangeEnrolment(database, token, clusterID, ({ cluster, name }) =>
            audit.record({
              actor: { kind: "cluster", id: cluster, name },
              address,
              action: "enrolment.exchange",
              cluster,
              object: `cluster ${name}`,
              result: "ok",
              detail: { clusterID },
            }),
          );
          await parts.refreshClusters();
          datasource.changed(done.enrolment.cluster, "clusters");
          const answer = { ok: true, token: done.token, cluster: done.enrolment.name };
          return Response.json(answer, { headers: { "cache-control": "no-store" } });
        } catch (error) {
          if (error instanceof ProblemError && [409, 410].includes(error.problem.status))
            await audit.record({
              actor: { kind: "nobody", name: "" },
              address,
              action: "enrolment.exchange",
              result: "refused",
              detail: { why: error.message },
            });
          throw error;
        }
      },
      { parse: "none" },
    );
}
