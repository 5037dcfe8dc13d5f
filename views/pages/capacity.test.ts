import { expect, test } from "bun:test";
import { viewer } from "../testing/viewing.ts";
import { capacityPage, type FillingView } from "./capacity.ts";
import { type TopData, topPage } from "./top.ts";

const day = 86_400_000;
const gibi = 2 ** 30;
const v = viewer("/capacity");
const filling = (more: Partial<FillingView> = {}): FillingView => ({
  cluster: "c1",
  kind: "Node",
  name: "n1",
  what: "disk",
  mount: "/",
  used: 80 * gibi,
  total: 100 * gibi,
  perDay: 4 * gibi,
  steady: true,
  line: [0.7, 0.8],
  ...more,
});
const page = (fillings: FillingView[]) => {
  const { head, requests, fillings: list } = capacityPage(v, { time: "7d", clusters: [], fillings });
  return `${head!.text}${requests!.text}${list!.text}`;
};

test("each says when it is full, or in words why it is not", () => {
  expect(page([filling({ fullMs: v.now + 5 * day })])).toMatch(
    /shape warning.*in about <time[^>]*>5d<\/time>/,
  );
  expect(page([filling({ fullMs: v.now + day / 2 })])).toContain("shape critical");
  expect(page([filling({ fullMs: v.now - 1 })])).toContain(v.t.capacity.fullNow);
  expect(page([filling({ perDay: -gibi })])).toContain(v.t.capacity.notFilling);
  expect(page([filling({ perDay: gibi, steady: false })])).toContain(v.t.capacity.unsteady);
  expect(page([filling({ perDay: 1e6 })])).toContain(v.t.capacity.notSoon);
  // What grows does fill, be it ever so slowly; less than values are kept to is no growth.
  expect(page([filling({ perDay: 1e6, steady: false })])).toContain(v.t.capacity.notSoon);
  expect(page([filling({ perDay: 1000 })])).toContain(v.t.capacity.notFilling);
  expect(page([filling({ perDay: Number.NaN })])).toContain(v.t.capacity.tooShort);
  expect(page([filling()])).toContain("+4 GiB");
  expect(page([])).toContain(v.t.capacity.none);
});

test("requested of what there is stands beside what is used", () => {
  const cluster = {
    cluster: "c1",
    cpuAllocatable: 8,
    cpuRequested: 6,
    cpuUsed: 1,
    memoryAllocatable: 16 * gibi,
    memoryRequested: 4 * gibi,
    memoryUsed: Number.NaN,
  };
  const { requests } = capacityPage(v, { time: "7d", clusters: [cluster], fillings: [] });
  expect(requests!.text).toContain("75%");
  expect(requests!.text).toContain("6 of 8");
  expect(requests!.text).not.toContain("NaN");
});

test("a top list says who is gone, for how long one was there, and how much of what it asks for it used", () => {
  const at = viewer("/top?of=pods");
  const row = {
    cluster: "c1",
    kind: "Pod",
    namespace: "shop",
    name: "web-1",
    p95: 0.3,
    mean: 0.25,
    max: 0.5,
    share: 0.4,
    seconds: 3600,
    line: [1, Number.NaN],
    gone: false,
    requested: 1,
  };
  const data: TopData = {
    of: "pods",
    by: "cpu",
    order: "mean",
    fromMs: at.now - day,
    toMs: at.now,
    measured: 86_400,
    total: 7,
    sum: 0.6,
    rows: [
      row,
      {
        ...row,
        name: "<web>",
        uid: "u",
        gone: true,
        seconds: 86_000,
        requested: Number.NaN,
        p95: Number.NaN,
      },
    ],
  };
  const { list } = topPage(at, data);
  expect(list!.text).toContain("2 of 7");
  expect(list!.text).toContain(at.t.top.there("60m"));
  expect(list!.text).toContain("25%");
  expect(list!.text).toContain(at.t.top.gone);
  expect(list!.text).toContain("&lt;web&gt;");
  expect(list!.text).not.toContain("NaN");
  expect(topPage(at, { ...data, rows: [] }).list!.text).toContain(at.t.top.none);
});
