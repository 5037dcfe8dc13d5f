import type { MatcherView, SilenceView } from "../../views/alert-model.ts";
import { problem } from "../../wire/problem.ts";
import { actorOf } from "../audit/actor.ts";
import { endSilence, putSilence } from "../database/alerts.ts";
import { randomId } from "../database/token.ts";
import { placeOf } from "./alerts.ts";
import type { Asker, Changing, ChangingOptions } from "./changing.ts";
import { demand } from "./demand.ts";
import { checkMatchers, matcherText } from "./labels.ts";

export interface SilenceBody {
  tenant?: string | undefined;
  cluster?: string | undefined;
  namespace?: string | undefined;
  matchers: MatcherView[];
  comment: string;
  startsMs: number;
  endsMs: number;
}

export interface SilenceChanges {
  /** Adds one, or changes the one with an id; when one that holds already began stays as it is. */
  putSilence(who: Asker, id: string | undefined, body: SilenceBody): Promise<SilenceView>;
  endSilence(who: Asker, id: string): Promise<SilenceView>;
}

const yearMs = 366 * 86_400_000;

export function silenceChanges(
  { database, access, engine, now }: ChangingOptions,
  { change, checkPlace }: Changing,
): SilenceChanges {
  /** A silence that somebody sees and may act on. */
  function acted(who: Asker, id: string): SilenceView {
    const found = engine.silences.find((one) => one.id === id);
    if (!found || !access.may(who.by, "viewer", placeOf(found)))
      throw problem(404, "there is no such silence");
    demand(access, who.by, "operator", placeOf(found));
    return found;
  }

  return {
    async putSilence(who, id, body) {
      const before = id === undefined ? undefined : acted(who, id);
      const place = placeOf(body);
      // Of a place that cannot be seen nothing is said, not even that it is there.
      if (body.cluster !== undefined && !access.may(who.by, "viewer", place))
        throw problem(404, "there is no such place");
      demand(access, who.by, "operator", place);
      await checkPlace(place);
      const comment = body.comment.trim();
      if (comment === "") throw problem(422, "say why", { pointer: "/comment" });
      if (body.matchers.length === 0 && !body.cluster && !body.namespace)
        throw problem(422, "a silence has a matcher, or holds in one cluster or namespace", {
          pointer: "/matchers",
        });
      const atMs = now();
      if (before && before.endsMs <= atMs) throw problem(409, "this silence is over");
      const startsMs = before && before.startsMs <= atMs ? before.startsMs : Math.max(body.startsMs, atMs);
      if (!(body.endsMs > Math.max(startsMs, atMs)) || body.endsMs - atMs > yearMs)
        throw problem(422, "a silence ends after it begins, and within a year", { pointer: "/endsMs" });
      const silence: SilenceView = {
        id: before?.id ?? randomId(),
        ...place,
        matchers: checkMatchers(body.matchers),
        comment: comment.slice(0, 500),
        by: before?.by ?? actorOf(who.by).name,
        createdMs: before?.createdMs ?? atMs,
        startsMs,
        endsMs: body.endsMs,
      };
      const detail = {
        matchers: silence.matchers.map(matcherText),
        comment: silence.comment,
        ...(startsMs > atMs ? { from: new Date(startsMs).toISOString() } : {}),
        until: new Date(silence.endsMs).toISOString(),
      };
      return change(
        who,
        () => ({
          action: before ? "silence.change" : "silence.add",
          ...place,
          object: `silence ${silence.id}`,
          detail,
        }),
        async () => {
          await putSilence(database, silence);
          return silence;
        },
      );
    },

    async endSilence(who, id) {
      const found = acted(who, id);
      const atMs = now();
      if (found.endsMs <= atMs) throw problem(409, "this silence is over");
      return change(
        who,
        () => ({ action: "silence.end", ...placeOf(found), object: `silence ${id}` }),
        async () => {
          await endSilence(database, id, atMs);
          return { ...found, endsMs: atMs };
        },
      );
    },
  };
}
