import { problem } from "../../../wire/problem.ts";

/** 422 where what ends an alert would begin it. */
export function checkLevels(trigger: number, clear: number, above: boolean): void {
  if (above ? clear > trigger : clear < trigger)
    throw problem(422, `the level at which it is over has to lie ${above ? "below" : "above"} the other`, {
      pointer: "/clear",
    });
}
