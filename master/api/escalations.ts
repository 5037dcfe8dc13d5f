import { Type as T } from "@sinclair/typebox";
import { EscalationBody } from "../alert/escalation.ts";
import { asker, bodyOf, Done, done, id, listing, post, word } from "./alert-shapes.ts";
import type { Route } from "./route.ts";

const Escalation = T.Composite([EscalationBody, T.Object({ id, tenant: word, createdMs: T.Integer() })]);
const EscalationAsked = T.Composite([EscalationBody, T.Object({ tenant: word })]);

export const escalationRoutes: readonly Route[] = [
  listing({
    path: "/api/v1/escalations",
    role: "admin",
    id: "listEscalation",
    tag: "escalations",
    summary: "Who is told when nobody takes an alert up: the policies that one administers.",
    item: Escalation,
    items: (parts, by) => parts.alerting.escalations(by),
  }),
  post({
    path: "/api/v1/escalations",
    role: "admin",
    id: "addEscalation",
    tag: "escalations",
    summary: "Adds a policy, of a tenant or of the installation.",
    body: EscalationAsked,
    answer: Escalation,
    async get(parts, request, _params, by) {
      const { tenant, ...body } = await bodyOf(EscalationAsked, request);
      return parts.alerting.putEscalation(asker(request, by), undefined, body, tenant);
    },
  }),
  post({
    path: "/api/v1/escalations/:id",
    role: "admin",
    id: "changeEscalation",
    tag: "escalations",
    summary: "Puts another policy in a policy's place; alerts go on from the step that they have come to.",
    body: EscalationBody,
    answer: Escalation,
    async get(parts, request, params, by) {
      return parts.alerting.putEscalation(
        asker(request, by),
        params.id!,
        await bodyOf(EscalationBody, request),
      );
    },
  }),
  post({
    path: "/api/v1/escalations/:id/remove",
    role: "admin",
    id: "removeEscalation",
    tag: "escalations",
    summary: "Removes a policy.",
    answer: Done,
    async get(parts, request, params, by) {
      await parts.alerting.removeEscalation(asker(request, by), params.id!);
      return done;
    },
  }),
];
