import { expect, test } from "bun:test";
import { decodeState, difference, encodeState, stateOf } from "./fragments.ts";

const row = (id: string, text: string) => `<tr id="${id}"><td>${text}</td></tr>`;
const list = (...rows: string[]) => `<div id="list"><table>${rows.join("")}</table></div>`;

test("a browser that has everything is sent nothing", () => {
  const fragments = { head: "<h1>x</h1>", list: list(row("a", "1")) };
  expect(difference(stateOf(fragments), fragments)).toBe("");
});

test("only the fragment that differs is sent, whole when nothing is known of its rows", () => {
  const state = stateOf({ head: "<h1>x</h1>", list: list(row("a", "1")) });
  const message = difference(state, { head: "<h1>x</h1>", list: list(row("a", "2")) });
  expect(message).toBe(
    `<hx-partial hx-target="#list" hx-swap="outerMorph">${list(row("a", "2"))}</hx-partial>`,
  );
});

test("afterwards only the rows that differ are sent", () => {
  const state = decodeState(null);
  difference(state, { list: list(row("a", "1"), row("b", "1")) });
  const message = difference(state, { list: list(row("a", "1"), row("b", "2")) });
  expect(message).toBe(`<hx-partial hx-target="#b" hx-swap="outerMorph">${row("b", "2")}</hx-partial>`);
});

test("a row that comes, goes or moves, or a change around the rows, sends the fragment", () => {
  const a = row("a", "1");
  const b = row("b", "1");
  for (const next of [
    list(b, a),
    list(a),
    list(a, b, row("c", "1")),
    list(a, b).replace("<table>", "<table class>"),
  ]) {
    const state = decodeState(null);
    difference(state, { list: list(a, b) });
    expect(difference(state, { list: next })).toContain('hx-target="#list"');
  }
});

test("time that passes is no difference, another moment is", () => {
  const at = (iso: string, text: string) => `<p id="x"><time datetime="${iso}">${text}</time></p>`;
  const state = stateOf({ x: at("2026-01-01T00:00:00Z", "3s") });
  expect(difference(state, { x: at("2026-01-01T00:00:00Z", "9s") })).toBe("");
  expect(difference(state, { x: at("2026-01-01T00:00:09Z", "9s") })).not.toBe("");
});

test("what a browser has survives the way through an address or an event id", () => {
  const state = stateOf({ head: "<h1>x</h1>", "account-settings": "<p>y</p>" });
  expect(encodeState(decodeState(encodeState(state)))).toBe(encodeState(state));
  expect(decodeState("nonsense,,.,a.").size).toBe(1);
});
