import type { AnyItem } from "../../wire/kinds.ts";
import type { Text } from "../text/text.ts";
import type { Around, Asked, Evictable } from "./asked.ts";
import type { ActionObject } from "./registry.ts";

export interface Consequence {
  text: string;
  /** Something to think about before. */
  warning?: true;
}

type Summary = Record<string, unknown>;
const summaryOf = (object: ActionObject) => object.row.item.summary as Summary;
const numberOf = (value: unknown): number => (typeof value === "number" ? value : 0);

/** How many replicas an object is meant to have. */
export function replicasOf({ row }: Pick<ActionObject, "row">): number {
  const { spec, summary } = row.item as AnyItem & { spec?: { replicas?: number | null } | null };
  return numberOf(spec?.replicas ?? (summary as Summary).replicas);
}

/** What its budgets say of an eviction now: only what stands against it is worth a line. */
function budget(t: Text, one: Evictable | undefined): Consequence[] {
  if (!one) return [];
  if ("problem" in one) return [{ text: t.actions.consequence.budgetUnknown(t.told(one.problem)) }];
  return one.blockedBy ? [{ text: t.actions.consequence.blockedNow(one.blockedBy), warning: true }] : [];
}

/** What will happen, in sentences with numbers, as far as the master knows. */
export function consequences(t: Text, asked: Asked): Consequence[] {
  const c = t.actions.consequence;
  const { action, objects } = asked;
  const several = objects.length > 1;
  const each = (say: (object: ActionObject, around: Around, at: number) => Consequence[]): Consequence[] =>
    objects.flatMap((object, at) => {
      const said = say(object, asked.around[at] ?? { pods: 0, ready: 0 }, at);
      return several ? said.map((one) => ({ ...one, text: `${object.name}: ${one.text}` })) : said;
    });
  const same = (text: string): Consequence[] => [{ text }];
  switch (action.key) {
    case "restart":
      return objects[0]?.kind === "pod" ? podsGo(t, asked) : each((one, around) => replaced(t, one, around));
    case "evict":
      return [
        ...podsGo(t, asked),
        ...each((_object, _around, at) => budget(t, asked.evictable?.[at])),
        { text: c.budgets },
      ];
    case "delete":
      if (objects[0]?.kind !== "pod") return each((one, around) => deleted(t, one, around));
      return [...podsGo(t, asked), { text: c.noBudgets }];
    case "cordon":
      return [...each((_, around) => [{ text: c.cordoned(around.pods) }]), { text: c.undoable }];
    case "uncordon":
      return same(c.uncordoned);
    case "scale":
      return each((one, around) => [
        { text: c.scaleNow(replicasOf(one), numberOf(summaryOf(one).ready)) },
        ...scaler(t, around),
      ]).concat(asked.values.replicas === "0" ? [{ text: c.scaleZero, warning: true }] : [], {
        text: c.undoable,
      });
    case "image":
      return objects[0]?.kind === "cronjob"
        ? same(c.nextJob)
        : each((one, around) => replaced(t, one, around)).concat({ text: c.undoable });
    case "rollback":
      return each((one, around) => replaced(t, one, around)).concat({ text: c.undoable });
    case "pause":
      return same(c.pause);
    case "resume":
      return same(c.resume);
    case "trigger":
      return each((one) => {
        const { schedule, active } = summaryOf(one);
        return [
          { text: c.trigger(String(schedule ?? "")) },
          ...(numberOf(active) > 0 ? [{ text: c.active(numberOf(active)), warning: true as const }] : []),
        ];
      });
    case "suspend":
      return [{ text: c.suspend }, { text: c.undoable }];
    case "unsuspend":
      return each((one) => [{ text: c.unsuspend(String(summaryOf(one).schedule ?? "")) }]);
    case "retry":
      return same(c.retry);
    default:
      return [];
  }
}

function podsGo(t: Text, { owners }: Asked): Consequence[] {
  const c = t.actions.consequence;
  return owners.flatMap(({ owner, going, all, stayReady }): Consequence[] => {
    if (owner === "") return [{ text: c.notMadeAgain, warning: true }];
    return [
      { text: going === 1 && all === 1 ? c.madeAgain(owner) : c.ofOwner(owner, going, all, stayReady) },
      ...(stayReady === 0 ? [{ text: c.noneStays(owner), warning: true as const }] : []),
    ];
  });
}

function deleted(t: Text, object: ActionObject, { pods }: Around): Consequence[] {
  const c = t.actions.consequence;
  const { controlledBy } = summaryOf(object) as { controlledBy?: { kind?: string; name?: string } | null };
  return [
    pods > 0 ? { text: c.deletedWith(pods), warning: true } : { text: c.deletedOnly },
    ...(object.kind === "persistentvolumeclaim" ? [{ text: c.volumeGoes, warning: true as const }] : []),
    controlledBy?.name
      ? { text: c.mayMakeAgain(`${controlledBy.kind} ${controlledBy.name}`) }
      : { text: c.deletedUndo },
  ];
}

function replaced(t: Text, object: ActionObject, around: Around): Consequence[] {
  const c = t.actions.consequence;
  const { strategy, paused, desired } = summaryOf(object);
  // As many as it is meant to have: during a rollout there are more.
  const count = replicasOf(object) || numberOf(desired) || around.pods;
  if (paused === true) return [{ text: c.pausedRollout, warning: true }];
  if (strategy === "Recreate") return [{ text: c.recreated(count), warning: true }];
  if (strategy === "OnDelete") return [{ text: c.onDelete(count), warning: true }];
  return [{ text: c.replaced(count, typeof strategy === "string" ? strategy : "") }];
}

function scaler(t: Text, { autoscaler }: Around): Consequence[] {
  if (!autoscaler) return [];
  const { name, min, max } = autoscaler;
  return [{ text: t.actions.consequence.autoscaler(name, min, max), warning: true }];
}
