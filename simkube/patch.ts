import { ApiError, badRequest, unsupportedMediaType } from "./api-error.ts";
import { type Fields, isFields, type Json } from "./object.ts";

const merge = "application/merge-patch+json";
const strategic = "application/strategic-merge-patch+json";
const operations = "application/json-patch+json";
const patchTypes = [operations, merge, strategic];

/** The object with a patch applied, by its content type; the object itself stays as it is. */
export function applyPatch(object: Fields, patch: unknown, contentType: string): Fields {
  const type = contentType.split(";")[0]!.trim();
  if (type === operations) {
    if (!Array.isArray(patch)) throw badRequest("error decoding patch: a JSON patch is a list of operations");
    return applyOperations(object, patch as Operation[]);
  }
  if (type !== merge && type !== strategic) throw unsupportedMediaType(patchTypes);
  if (!isFields(patch)) throw badRequest("error decoding patch: it is no object");
  return type === merge ? mergePatch(object, patch) : strategicPatch(object, patch);
}

/** RFC 7396. */
function mergePatch(target: Json | undefined, patch: Fields): Fields {
  const result: Fields = isFields(target) ? { ...target } : {};
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) delete result[field];
    else result[field] = isFields(value) ? mergePatch(result[field], value) : value;
  }
  return result;
}

/** The lists that are merged by a key instead of replaced, by the field that holds them. */
const mergeKeys: Record<string, string> = {
  containers: "name",
  initContainers: "name",
  ephemeralContainers: "name",
  env: "name",
  volumes: "name",
  volumeMounts: "mountPath",
  conditions: "type",
  taints: "key",
  ownerReferences: "uid",
  imagePullSecrets: "name",
  hostAliases: "ip",
  addresses: "type",
};

function strategicPatch(target: Json | undefined, patch: Fields): Fields {
  if (patch.$patch === "replace") return withoutDirectives(patch);
  const result: Fields = isFields(target) ? { ...target } : {};
  for (const [field, value] of Object.entries(patch)) {
    if (field.startsWith("$")) continue;
    if (value === null) delete result[field];
    else if (isFields(value)) result[field] = strategicPatch(result[field], value);
    else if (Array.isArray(value)) result[field] = patchList(result[field], value, mergeKeyOf(field, value));
    else result[field] = value;
  }
  return result;
}

function mergeKeyOf(field: string, list: Json[]): string | undefined {
  // A container's ports are merged by containerPort, a Service's by port.
  if (field === "ports")
    return list.some((item) => isFields(item) && "containerPort" in item) ? "containerPort" : "port";
  return mergeKeys[field];
}

function patchList(target: Json | undefined, patch: Json[], key: string | undefined): Json[] {
  if (key === undefined || patch.some((item) => isFields(item) && item.$patch === "replace"))
    return patch.filter((item) => !(isFields(item) && item.$patch === "replace"));
  let result = Array.isArray(target) ? [...target] : [];
  for (const item of patch) {
    if (!isFields(item)) continue;
    const index = result.findIndex((one) => isFields(one) && one[key] === item[key]);
    if (item.$patch === "delete") result = result.filter((_, at) => at !== index);
    else if (index < 0) result.push(withoutDirectives(item));
    else result[index] = strategicPatch(result[index], item);
  }
  return result;
}

function withoutDirectives(patch: Fields): Fields {
  return Object.fromEntries(Object.entries(patch).filter(([field]) => !field.startsWith("$")));
}

interface Operation {
  op: string;
  path: string;
  from?: string;
  value?: Json;
}

/** RFC 6902. A failed `test` is 422, as in the real API server. */
function applyOperations(object: Fields, list: Operation[]): Fields {
  const document: { root: Json } = { root: structuredClone(object) };
  for (const { op, path, from, value } of list) {
    switch (op) {
      case "add":
      case "replace":
        write(document, path, structuredClone(value ?? null), op === "add");
        break;
      case "remove":
        remove(document, path);
        break;
      case "move":
      case "copy": {
        const moved = structuredClone(read(document, from ?? ""));
        if (op === "move") remove(document, from ?? "");
        write(document, path, moved, true);
        break;
      }
      case "test":
        if (!Bun.deepEquals(read(document, path), value ?? null))
          throw new ApiError(422, "Invalid", `testing value ${path} failed`);
        break;
      default:
        throw badRequest(`Unexpected kind: ${op}`);
    }
  }
  return document.root as Fields;
}

const segments = (path: string) =>
  ["root", ...path.split("/").slice(1)].map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));

const missing = (path: string) =>
  new ApiError(
    422,
    "Invalid",
    `the server rejected our request due to an error in our request: ${path} is missing`,
  );

function parentOf(document: { root: Json }, path: string): { parent: Json[] | Fields; last: string } {
  const parts = segments(path);
  const last = parts.pop()!;
  let parent: Json | undefined = document;
  for (const part of parts) {
    parent = Array.isArray(parent) ? parent[Number(part)] : isFields(parent) ? parent[part] : undefined;
  }
  if (!Array.isArray(parent) && !isFields(parent)) throw missing(path);
  return { parent, last };
}

function read(document: { root: Json }, path: string): Json {
  const { parent, last } = parentOf(document, path);
  const value = Array.isArray(parent) ? parent[Number(last)] : parent[last];
  if (value === undefined) throw missing(path);
  return value;
}

function write(document: { root: Json }, path: string, value: Json, insert: boolean): void {
  if (!insert) read(document, path);
  const { parent, last } = parentOf(document, path);
  if (!Array.isArray(parent)) parent[last] = value;
  else if (last === "-") parent.push(value);
  else if (insert) parent.splice(Number(last), 0, value);
  else parent[Number(last)] = value;
}

function remove(document: { root: Json }, path: string): void {
  read(document, path);
  const { parent, last } = parentOf(document, path);
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
}
