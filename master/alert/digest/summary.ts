import type { DigestView, Subject, Top } from "../../../views/digest-model.ts";

/** What happened to an alert, in the order of time. */
export interface Happening {
  fingerprint: string;
  atMs: number;
  what: "firing" | "resolved" | "flapping";
}

type Summary = Pick<
  DigestView,
  "fired" | "resolved" | "rules" | "clusters" | "longest" | "frequent" | "flapping"
>;

interface Course {
  fired: number;
  flapped: boolean;
  /** Since when it fires, where it does. */
  openMs: number | undefined;
  longestMs: number;
  going: boolean;
}

const most = { rules: 10, clusters: 10, longest: 5, frequent: 5, flapping: 10 };

export const top = <T>(all: readonly T[], count: number): Top<T> => ({
  items: all.slice(0, count),
  total: all.length,
});

/**
 * What a time was like, happening by happening, so that whoever reads them can let others in between: pure. What was
 * over without having begun in the time began before it, at a time that `beganMs` knows.
 */
export class Summing {
  readonly #courses = new Map<string, Course>();
  #fired = 0;
  #resolved = 0;

  readonly #subjects: ReadonlyMap<string, Subject>;
  readonly #beganMs: (fingerprint: string) => number | undefined;

  constructor(subjects: ReadonlyMap<string, Subject>, beganMs: (fingerprint: string) => number | undefined) {
    this.#subjects = subjects;
    this.#beganMs = beganMs;
  }

  add({ fingerprint, atMs, what }: Happening): void {
    if (!this.#subjects.has(fingerprint)) return;
    const known = this.#courses.get(fingerprint);
    const course = known ?? { fired: 0, flapped: false, openMs: undefined, longestMs: 0, going: false };
    if (!known) this.#courses.set(fingerprint, course);
    if (what === "flapping") course.flapped = true;
    if (what === "firing") {
      this.#fired++;
      course.fired++;
      course.openMs = atMs;
    }
    if (what === "resolved") {
      this.#resolved++;
      const began = course.openMs ?? (known ? undefined : this.#beganMs(fingerprint));
      if (began !== undefined) course.longestMs = Math.max(course.longestMs, atMs - began);
      course.openMs = undefined;
    }
  }

  /** What fires still when the time is over, and since when: that counts as long as it lasts. */
  end(firing: ReadonlyMap<string, number>, untilMs: number): Summary {
    for (const [fingerprint, sinceMs] of firing) {
      const course = this.#courses.get(fingerprint);
      if (!course) {
        if (this.#subjects.has(fingerprint))
          this.#courses.set(fingerprint, {
            fired: 0,
            flapped: false,
            openMs: sinceMs,
            longestMs: untilMs - sinceMs,
            going: true,
          });
        continue;
      }
      if (untilMs - sinceMs < course.longestMs) continue;
      course.longestMs = untilMs - sinceMs;
      course.going = true;
    }
    const rules = new Map<string, Summary["rules"]["items"][number]>();
    const clusters = new Map<string, Summary["clusters"]["items"][number]>();
    const all: { of: Subject; course: Course }[] = [];
    for (const [fingerprint, course] of this.#courses) {
      const of = this.#subjects.get(fingerprint)!;
      all.push({ of, course });
      if (course.fired === 0) continue;
      const { name, severity } = of;
      const cluster = of.labels.cluster ?? of.cluster;
      rules.set(of.rule, { name, severity, count: (rules.get(of.rule)?.count ?? 0) + course.fired });
      clusters.set(cluster, { name: cluster, count: (clusters.get(cluster)?.count ?? 0) + course.fired });
    }
    return {
      fired: this.#fired,
      resolved: this.#resolved,
      rules: top([...rules.values()].sort(byCount), most.rules),
      clusters: top([...clusters.values()].sort(byCount), most.clusters),
      longest: top(
        all
          .filter(({ course }) => course.longestMs > 0)
          .map(({ of, course }) => ({ of, ms: course.longestMs, going: course.going }))
          .sort((a, b) => b.ms - a.ms || byName(a.of, b.of)),
        most.longest,
      ),
      frequent: top(
        all
          .filter(({ course }) => course.fired > 1)
          .map(({ of, course }) => ({ of, name: of.name, count: course.fired }))
          .sort((a, b) => byCount(a, b) || byName(a.of, b.of))
          .map(({ of, count }) => ({ of, count })),
        most.frequent,
      ),
      flapping: top(
        all
          .filter(({ course }) => course.flapped)
          .map(({ of }) => ({ of }))
          .sort((a, b) => byName(a.of, b.of)),
        most.flapping,
      ),
    };
  }
}

const byCount = (a: { name: string; count: number }, b: { name: string; count: number }) =>
  b.count - a.count || (a.name < b.name ? -1 : 1);
const byName = (a: Subject, b: Subject) =>
  `${a.name} ${a.namespace} ${a.object}` < `${b.name} ${b.namespace} ${b.object}` ? -1 : 1;
