import type { MatcherView, SilenceView } from "../../views/alert-model.ts";
import { problem } from "../../wire/problem.ts";
import { actorOf } from "../audit/actor.ts";
import { addSilence, endSilence } from "../database/alerts.ts";
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
  addSilence(who: Asker, body: SilenceBody): Promise<SilenceView>;
  endSilence(who: Asker, id: string): Promise<SilenceView>;
}

const yearMs = 366 * 86_400_000;

export function silenceChanges(
  { database, access, engine, now }: ChangingOptions,
  { change, checkPlace }: Changing,
): SilenceChanges {
  return {
    async addSilence(who, body) {
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
      if (!(body.endsMs > Math.max(body.startsMs, atMs)) || body.endsMs - atMs > yearMs)
        throw problem(422, "a silence ends after it begins, and within a year", { pointer: "/ends" });
      const silence: SilenceView = {
        id: randomId(),
        ...place,
        matchers: checkMatchers(body.matchers),
        comment: comment.slice(0, 500),
        by: actorOf(who.by).name,
        createdMs: atMs,
        startsMs: Math.max(body.startsMs, atMs),
        endsMs: body.endsMs,
      };
      const detail = {
        matchers: silence.matchers.map(matcherText),
        comment: silence.comment,
        until: new Date(silence.endsMs).toISOString(),
      };
      return change(
        who,
        () => ({ action: "silence.add", ...place, object: `silence ${silence.id}`, detail }),
        async () => {
          await addSilence(database, silence);
          return silence;
        },
      );
    },

    async endSilence(who, id) {
      const found = engine.silences.find((one) => one.id === id);
      if (!found || !access.may(who.by, "viewer", placeOf(found)))
        throw problem(404, "there is no such silence");
      demand(access, who.by, "operator", placeOf(found));
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
