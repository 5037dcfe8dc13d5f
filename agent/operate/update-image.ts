import type { Command } from "../../wire/control.ts";
import { resources } from "../kube/resource.ts";
import type { ContainerSpec, CronJobObject, TemplateSpec } from "../project/kube.ts";
import { badRequest, flag, optionalText, workloadPlace } from "./args.ts";
import { changeObject, checkExpected, nameOf, type Place } from "./change.ts";
import { told } from "./observe.ts";
import { observeRollout, type Rolling } from "./observe-rollout.ts";
import type { Json, Operation } from "./operation.ts";

type Images = { [container: string]: string };
type Updatable = Rolling | CronJobObject;

/**
 * Gives containers other images, init containers too. `args`: images {container: image}; or image with
 * container, or with all: true; newImage, of AtlHyper 1.x, for a workload of one container.
 */
export const updateImage: Operation = {
  type: "UpdateImage",
  async run(ctx) {
    const { command } = ctx;
    const place = workloadPlace(command, [
      resources.deployments,
      resources.statefulsets,
      resources.daemonsets,
      resources.cronjobs,
    ]);
    let wanted: Images = {};
    const { before, object, same } = await changeObject<Updatable, { images: Images }>(ctx, place, {
      read(found) {
        const containers = containersOf(found);
        wanted = wantedImages(command, place, containers);
        const images = pick(containers, wanted);
        checkExpected(ctx, place, { uid: found.metadata.uid, images }, { images: "images are" });
        return { images };
      },
      make(copy) {
        for (const one of containersOf(copy)) one.image = wanted[one.name] ?? one.image;
      },
    });
    const now = pick(containersOf(object), wantedImages(command, place, containersOf(object)));
    if (same) return { message: `${nameOf(place)} has ${inWords(now)} already.`, verified: "none" };
    const undo = before && {
      type: command.type,
      target: command.target,
      args: { images: before.images, expect: { uid: object.metadata.uid, images: now } as Json },
    };
    const done = `${nameOf(place)} was given ${inWords(now)}${before ? ` in place of ${inWords(before.images)}` : ""}`;
    if (place.resource.kind === "CronJob")
      return { message: `${done}. Its next job runs with it.`, verified: "none", undo };
    const { spec } = object as Rolling;
    if (spec && "paused" in spec && spec.paused)
      return {
        message: `${done}. Its rollout is paused, so pods are replaced when it is resumed.`,
        verified: "none",
        undo,
      };
    return { ...told(done, await observeRollout(ctx, place, object as Rolling)), undo };
  },
};

function wantedImages(command: Command, place: Place, containers: ContainerSpec[]): Images {
  const names = containers.map((one) => one.name);
  const given = command.args?.images;
  if (given !== undefined && given !== null) return checkImages(given, place, names);
  const image = optionalText(command, "image") ?? optionalText(command, "newImage");
  if (image === undefined) throw badRequest("UpdateImage needs images, from container to image.");
  if (flag(command, "all")) return Object.fromEntries(names.map((name) => [name, image]));
  const container = optionalText(command, "container") ?? (names.length === 1 ? names[0] : undefined);
  if (container === undefined)
    throw badRequest(
      `${nameOf(place)} has the containers ${names.join(", ")}: name the one that gets the image, or ask for all.`,
    );
  return checkImages({ [container]: image }, place, names);
}

function checkImages(given: unknown, place: Place, names: string[]): Images {
  const entries = typeof given === "object" && !Array.isArray(given) ? Object.entries(given as object) : [];
  if (entries.length === 0)
    throw badRequest("UpdateImage's images must be an object from container to image.");
  for (const [name, image] of entries) {
    if (!names.includes(name))
      throw badRequest(`${nameOf(place)} has no container ${name}: it has ${names.join(", ")}.`);
    if (typeof image !== "string" || image.trim() === "" || /\s/.test(image))
      throw badRequest(`The image for container ${name} is not one: ${JSON.stringify(image)}.`);
  }
  return Object.fromEntries(entries) as Images;
}

function containersOf(object: Updatable): ContainerSpec[] {
  const spec = object.spec as {
    template?: TemplateSpec;
    jobTemplate?: { spec?: { template: TemplateSpec } };
  };
  const pod = (spec.template ?? spec.jobTemplate?.spec?.template)?.spec;
  return [...(pod?.initContainers ?? []), ...(pod?.containers ?? [])];
}

const pick = (containers: ContainerSpec[], of: Images): Images =>
  Object.fromEntries(
    containers.filter(({ name }) => name in of).map(({ name, image }) => [name, image ?? ""]),
  );

const inWords = (images: Images) =>
  Object.entries(images)
    .map(([name, image]) => `${image} (${name})`)
    .join(", ");
