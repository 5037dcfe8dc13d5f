import { fuzzy } from "../../../views/actions/palette.ts";
import { type Action, registry } from "../../../views/actions/registry.ts";
import { texts } from "../../../views/text/text.ts";
import { type KindKey, kindKeys, kindNames } from "../../../wire/kind-names.ts";

const mostWords = 8;

/** As one shortens the kinds on the command line. */
const aliases: Partial<Record<string, KindKey>> = {
  po: "pod",
  pods: "pod",
  no: "node",
  deploy: "deployment",
  sts: "statefulset",
  ds: "daemonset",
  rs: "replicaset",
  cj: "cronjob",
  svc: "service",
  ing: "ingress",
  cm: "configmap",
  ns: "namespace",
  pvc: "persistentvolumeclaim",
  hpa: "horizontalpodautoscaler",
  节点: "node",
  命名空间: "namespace",
};

/** Words; Chinese names of actions stand before others without a space. */
export function wordsOf(query: string): string[] {
  return query
    .replace(/([\u4e00-\u9fff]+)(?=[^\u4e00-\u9fff\s])/g, "$1 ")
    .replace(/([^\u4e00-\u9fff\s])(?=[\u4e00-\u9fff])/g, "$1 ")
    .trim()
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, mostWords);
}

const namesOf = new Map(
  registry.map((one) => [
    one.key,
    Object.values(texts).map((t) => `${t.actions.name[one.key]} ${t.palette.words[one.key]}`),
  ]),
);

/** Actions that words name, the best first, with the words that are left for objects. */
export function actionsNamed(words: readonly string[]): { action: Action; rest: string[] }[] {
  return registry
    .map((action) => {
      const score = (word: string) =>
        word.length < 2 && !/[\u4e00-\u9fff]/.test(word)
          ? 0
          : Math.max(...namesOf.get(action.key)!.map((one) => fuzzy(word, one)));
      const fits = words.map((word) => ({ word, score: score(word) }));
      const first = Math.max(0, ...fits.map((one) => one.score));
      // A word that names an action no better than by some letters may as well be an object's name.
      const named = fits.filter((one) => one.score >= 3 || (one.score > 0 && one.word === words[0]));
      // What names an object must not be lost to an action whose name holds it, too.
      const rest = words.filter((word) => !named.some((one) => one.word === word));
      return { action, rest, score: named.length > 0 ? first : 0, named: named.length };
    })
    .filter((one) => one.score > 0)
    .sort((a, b) => b.score - a.score || b.named - a.named)
    .slice(0, 3);
}

/** Words that name a kind narrow to it, as long as others are left. */
export function kindsIn(words: readonly string[]): { kinds: KindKey[]; rest: string[] } {
  const kindNamed = (word: string): KindKey | undefined => {
    const lower = word.toLowerCase();
    return aliases[lower] ?? kindKeys.find((key) => key === lower || kindNames[key].field === lower);
  };
  const kinds = words.flatMap((word) => kindNamed(word) ?? []);
  return { kinds, rest: words.filter((word) => kindNamed(word) === undefined) };
}
