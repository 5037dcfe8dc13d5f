import type { Container } from "../../../wire/common.ts";
import { type Content, type Html, html, nothing } from "../../html.ts";
import type { Health } from "../../model.ts";
import { parseTime } from "../../../wire/values.ts";
import { badge, mark } from "../../parts/state.ts";
import { age } from "../../parts/time.ts";
import type { Viewing } from "../../viewing.ts";
import { absent, facts, section, words } from "./blocks.ts";

/** Signals that end containers often enough to be known by name (POSIX; exit code 128 + n). */
const signals: Record<number, string> = {
  1: "SIGHUP",
  2: "SIGINT",
  4: "SIGILL",
  6: "SIGABRT",
  7: "SIGBUS",
  8: "SIGFPE",
  9: "SIGKILL",
  11: "SIGSEGV",
  13: "SIGPIPE",
  15: "SIGTERM",
};

/** An exit code with what it says: `137 (SIGKILL)`, `127 (command not found)`. */
export function exitCode(v: Viewing, code: number): string {
  const signal = signals[code - 128];
  const meaning = signal ?? (code === 126 || code === 127 ? v.t.detail.exitCodes[code] : undefined);
  return meaning ? `${code} (${meaning})` : String(code);
}

const starting = new Set(["ContainerCreating", "PodInitializing"]);

export function containerHealth(one: Container): Health {
  const status = one.status;
  const state = status?.state?.toLowerCase() ?? "";
  if (state.startsWith("running")) return status?.ready === false && one.role !== "init" ? "warning" : "ok";
  if (state.startsWith("terminated")) return status?.exitCode && status.exitCode !== 0 ? "critical" : "ok";
  if (state.startsWith("waiting"))
    return !status?.reason || starting.has(status.reason) ? "info" : "critical";
  return "unknown";
}

/** State and reason in one: `waiting: CrashLoopBackOff`, `terminated: Error, exit code 1`. */
export function containerState(v: Viewing, one: Container): string {
  const status = one.status;
  if (!status?.state) return v.t.detail.unknown;
  const ended = status.state.toLowerCase().startsWith("terminated") && status.exitCode !== undefined;
  const parts = [status.reason, ended ? v.t.detail.exited(exitCode(v, status.exitCode!)) : ""].filter(
    Boolean,
  );
  return parts.length > 0 ? `${status.state}: ${parts.join(", ")}` : status.state;
}

/** How it ended the last time, where it did: `OOMKilled, exit code 137 (SIGKILL), 3m ago`. */
export function lastEnd(v: Viewing, one: Container): Content {
  const status = one.status;
  if (!status?.lastTerminatedReason && status?.lastTerminatedExitCode === undefined) return nothing;
  const at = parseTime(status.lastTerminatedAt);
  return [
    [
      status.lastTerminatedReason,
      status.lastTerminatedExitCode === undefined
        ? ""
        : v.t.detail.exited(exitCode(v, status.lastTerminatedExitCode)),
    ]
      .filter(Boolean)
      .join(", "),
    at > 0 && html`, ${v.t.detail.ago(age(v, at))}`,
  ];
}

/** All containers at a glance. */
export function containerTable(v: Viewing, all: readonly Container[] | null | undefined): Html {
  const t = v.t.detail;
  if (!all || all.length === 0) return absent("containers");
  return section(
    "containers",
    t.containers,
    html`<table class="small-table stack"><thead><tr><th scope="col">${v.t.column.name}</th><th scope="col">${v.t.column.state}</th><th scope="col" class="right">${v.t.column.restarts}</th><th scope="col">${t.lastEnd}</th></tr></thead><tbody>${all.map(
      (one) =>
        html`<tr><td class="wrap"><strong class="mono">${one.name}</strong>${role(v, one)}<code class="block soft">${one.image}</code></td><td class="wrap">${mark(v, containerHealth(one))} <span data-glow>${containerState(v, one)}</span></td><td class="right"><span data-glow>${one.status?.restartCount ?? 0}</span></td><td class="wrap">${lastEnd(v, one)}</td></tr>`,
    )}</tbody></table>`,
  );
}

function role(v: Viewing, one: Container): Content {
  return one.role ? html` ${badge(v.t.detail.roles[one.role] ?? one.role)}` : nothing;
}

/** One container with everything that is known of it. */
export function containerPart(v: Viewing, one: Container, at: number): Html {
  const t = v.t.detail;
  const status = one.status;
  const ports = (one.ports ?? []).map((port) =>
    [
      port.name,
      `${port.containerPort ?? ""}/${port.protocol ?? "TCP"}`,
      port.hostPort ? t.hostPort(port.hostPort) : "",
    ]
      .filter(Boolean)
      .join(" "),
  );
  return section(
    `container-${at}`,
    html`${status ? mark(v, containerHealth(one)) : nothing} <span class="mono">${one.name}</span>${role(v, one)}`,
    html`${facts([
      [t.image, one.image && html`<code>${one.image}</code>`],
      [t.pullPolicy, one.imagePullPolicy],
      [v.t.column.state, status && html`<span data-glow>${containerState(v, one)}</span>`],
      [t.message, status?.message],
      [v.t.column.ready, status?.ready === undefined ? undefined : status.ready ? t.yes : t.no],
      [v.t.column.restarts, status && html`<span data-glow>${status.restartCount ?? 0}</span>`],
      [t.started, age(v, parseTime(status?.startedAt))],
      [t.lastEnd, lastEnd(v, one)],
      [v.t.column.ports, ports.join(", ")],
      [t.requests, amounts(one.resources?.requests)],
      [t.limits, amounts(one.resources?.limits) || (one.resources ? t.noLimits : undefined)],
      ...Object.entries((one.probes ?? {}) as Record<string, unknown>).map(
        ([name, probe]) => [t.probes[name] ?? name, words(probe)] as const,
      ),
      [t.security, words(one.securityContext)],
    ])}${table(
      [t.mount, v.t.column.volume, ""],
      (one.volumeMounts ?? []).map((mount) => [
        html`<code>${mount.mountPath}</code>`,
        html`<code>${mount.name}${mount.subPath && `/${mount.subPath}`}</code>`,
        mount.readOnly ? t.readOnly : "",
      ]),
    )}${environment(v, one, at)}`,
  );
}

function environment(v: Viewing, one: Container, at: number): Content {
  const t = v.t.detail;
  const env = one.env ?? [];
  if (env.length === 0) return nothing;
  return html`<details class="fold" id="env-${at}"><summary>${t.environment} <span class="count soft">${env.length}</span></summary><p class="soft small">${t.noValues}</p>${table(
    [v.t.column.name, t.source],
    env.map((two) => [html`<code>${two.name}</code>`, two.source ?? t.literal]),
  )}</details>`;
}

/** A plain table without the columns that no row has anything in; nothing where it has no rows. */
export function table(allHeads: readonly string[], allRows: readonly (readonly Content[])[]): Html {
  if (allRows.length === 0) return nothing;
  const filled = (_: unknown, at: number) =>
    at === 0 || allRows.some((row) => row[at] !== "" && row[at] !== nothing);
  const heads = allHeads.filter(filled);
  const rows = allRows.map((row) => row.filter(filled));
  return html`<table class="small-table"><thead><tr>${heads.map((one) => (one === "" ? html`<td></td>` : html`<th scope="col">${one}</th>`))}</tr></thead><tbody>${rows.map(
    (row) => html`<tr>${row.map((cell) => html`<td class="wrap">${cell}</td>`)}</tr>`,
  )}</tbody></table>`;
}

export function amounts(all: Record<string, string> | null | undefined): string {
  return Object.entries(all ?? {})
    .map(([name, amount]) => `${name} ${amount}`)
    .join(", ");
}
