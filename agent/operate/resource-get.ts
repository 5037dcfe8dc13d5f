import { flag } from "./args.ts";
import { getObject, nameOf } from "./change.ts";
import type { KubeObject } from "../kube/object.ts";
import { contentHash, isSecret, masked, resourcePlace, readable, yamlOf } from "./manifest.ts";
import { type Operation, OperationError } from "./operation.ts";

const maxBytes = 2 * 2 ** 20;

/**
 * Reads one object of any kind, custom ones too. `args`: managedFields, to show them; reveal, for the values of a
 * Secret, which are masked otherwise (the master lets administrators only). `data`: {yaml, hash}, where the hash
 * names the content for `expect` of a later ResourceApply.
 */
export const resourceGet: Operation = {
  type: "ResourceGet",
  async run(ctx) {
    const place = await resourcePlace(ctx);
    const object = await getObject<KubeObject>(ctx, place);
    const shown = flag(ctx.command, "managedFields") ? object : readable(object);
    const secret = isSecret(place) && flag(ctx.command, "reveal") !== true;
    const { apiVersion, kind, metadata, ...rest } = secret ? masked(shown) : shown;
    // As everybody writes it, in whatever order it came.
    const yaml = yamlOf({ apiVersion, kind, metadata, ...rest });
    if (yaml.length > maxBytes)
      throw new OperationError(
        "ExecuteError",
        `${nameOf(place)} has ${yaml.length} characters: too many to show.`,
      );
    return { message: `${nameOf(place)} was read.`, data: { yaml, hash: contentHash(object) } };
  },
};
