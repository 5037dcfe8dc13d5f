import { type Static, Type as T } from "@sinclair/typebox";
import { Labels, Maybe, Name } from "./common.ts";

export const IngressBackend = T.Object({
  type: T.Optional(T.String()),
  service: Maybe(
    T.Object({
      name: T.String(),
      portName: T.Optional(T.String()),
      portNumber: T.Optional(T.Number()),
    }),
  ),
  resource: T.Optional(T.Unknown()),
});

export const Ingress = T.Object({
  summary: T.Object({
    name: Name,
    namespace: T.String(),
    uid: T.Optional(T.String()),
    class: T.Optional(T.String()),
    controller: T.Optional(T.String()),
    hosts: Maybe(T.Array(T.String())),
    tlsEnabled: T.Optional(T.Boolean()),
    createdAt: T.Optional(T.String()),
    loadBalancer: Maybe(T.Array(T.String())),
  }),
  spec: Maybe(
    T.Object({
      ingressClassName: T.Optional(T.String()),
      defaultBackend: Maybe(IngressBackend),
      rules: Maybe(
        T.Array(
          T.Object({
            host: T.Optional(T.String()),
            paths: Maybe(
              T.Array(
                T.Object({
                  path: T.Optional(T.String()),
                  pathType: T.Optional(T.String()),
                  backend: Maybe(IngressBackend),
                }),
              ),
            ),
          }),
        ),
      ),
      tls: Maybe(
        T.Array(T.Object({ secretName: T.Optional(T.String()), hosts: Maybe(T.Array(T.String())) })),
      ),
    }),
  ),
  status: T.Optional(T.Unknown()),
  annotations: Maybe(Labels),
  labels: Maybe(Labels),
});

export type Ingress = Static<typeof Ingress>;
export type IngressBackend = Static<typeof IngressBackend>;
