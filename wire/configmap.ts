import { type Static, Type as T } from "@sinclair/typebox";
import { Labels, Maybe, Name } from "./common.ts";

/** Sizes are in bytes of UTF-8. Previews are sent only where the agent was told to. */
export const ConfigMap = T.Object({
  summary: T.Object({
    name: Name,
    namespace: T.String(),
    uid: T.Optional(T.String()),
    labels: Maybe(Labels),
    annotations: Maybe(Labels),
    createdAt: T.Optional(T.String()),
    resourceVersion: T.Optional(T.String()),
    immutable: T.Optional(T.Boolean()),
    keys: T.Optional(T.Number()),
    binaryKeys: T.Optional(T.Number()),
    totalSizeBytes: T.Optional(T.Number()),
    binaryTotalSizeBytes: T.Optional(T.Number()),
  }),
  data: Maybe(
    T.Array(
      T.Object({
        key: T.String(),
        size: T.Optional(T.Number()),
        preview: T.Optional(T.String()),
        truncated: T.Optional(T.Boolean()),
      }),
    ),
  ),
  binary: Maybe(T.Array(T.Object({ key: T.String(), size: T.Optional(T.Number()) }))),
});

export type ConfigMap = Static<typeof ConfigMap>;
