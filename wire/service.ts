import { type Static, Type as T } from "@sinclair/typebox";
import { Labels, Maybe, Name, ObjectReference } from "./common.ts";

export const Service = T.Object({
  summary: T.Object({
    name: Name,
    namespace: T.String(),
    uid: T.Optional(T.String()),
    type: T.Optional(T.String()),
    createdAt: T.Optional(T.String()),
    portsCount: T.Optional(T.Number()),
    hasSelector: T.Optional(T.Boolean()),
    badges: Maybe(T.Array(T.String())),
    clusterIP: T.Optional(T.String()),
    externalName: T.Optional(T.String()),
  }),
  spec: Maybe(
    T.Object({
      type: T.Optional(T.String()),
      sessionAffinity: T.Optional(T.String()),
      externalTrafficPolicy: T.Optional(T.String()),
      internalTrafficPolicy: T.Optional(T.String()),
    }),
  ),
  ports: Maybe(
    T.Array(
      T.Object({
        name: T.Optional(T.String()),
        protocol: T.Optional(T.String()),
        port: T.Number(),
        targetPort: T.Optional(T.Union([T.String(), T.Number()])),
        nodePort: T.Optional(T.Number()),
        appProtocol: T.Optional(T.String()),
      }),
    ),
  ),
  selector: Maybe(Labels),
  network: Maybe(
    T.Object({
      clusterIPs: Maybe(T.Array(T.String())),
      externalIPs: Maybe(T.Array(T.String())),
      loadBalancerIngress: Maybe(T.Array(T.Unknown())),
    }),
  ),
  backends: Maybe(
    T.Object({
      summary: Maybe(
        T.Object({
          ready: T.Optional(T.Number()),
          notReady: T.Optional(T.Number()),
          total: T.Optional(T.Number()),
          slices: T.Optional(T.Number()),
          updated: T.Optional(T.String()),
        }),
      ),
      ports: Maybe(T.Array(T.Unknown())),
      endpoints: Maybe(
        T.Array(
          T.Object({
            address: T.String(),
            ready: T.Optional(T.Boolean()),
            nodeName: T.Optional(T.String()),
            zone: T.Optional(T.String()),
            targetRef: Maybe(ObjectReference),
          }),
        ),
      ),
    }),
  ),
  labels: Maybe(Labels),
});

export type Service = Static<typeof Service>;
