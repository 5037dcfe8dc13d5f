import { type Html, html } from "../../views/html.ts";
import { titleText } from "../../views/layout.ts";
import type { ChangeNotice } from "../../views/model.ts";
import { bannerOf } from "../../views/parts/banner.ts";
import { goneBar, reloadBar, signedOutBar, staleBar } from "../../views/parts/live-bars.ts";
import { ProblemError } from "../../wire/problem.ts";
import type { UserPrincipal } from "../access/principal.ts";
import { standsFor } from "../requests.ts";
import type { CommandView } from "../../views/command-model.ts";
import { seenBy, type WebDeps } from "./deps.ts";
import { LiveBody } from "./live-body.ts";
import { awaitedKey } from "../../views/pages/detail/awaited.ts";
import { decodeState, difference, encodeState, type PageState, partial, stateOf } from "./fragments.ts";
import type { Found } from "./page.ts";
import { siteOf } from "./public-url.ts";
import { texts } from "./render.ts";
import { viewing, visiting } from "./viewing.ts";

/** A page is rendered again at most this often, and never for more than a tenth of the time. */
const leastGapMs = 150;
/** And only so often for measured values alone, which come from every node every few seconds. */
const metricsGapMs = 1000;
/** Proxies close what is silent for 30 s or less; and who is signed out has to know soon. */
const heartbeatMs = 15_000;

/** The one stream of an open page: what changes of it, until the browser leaves or the session ends. */
export class LivePage {
  readonly #deps: WebDeps;
  readonly #request: Request;
  readonly #url: URL;
  readonly #found: Found;
  readonly #state: PageState;
  readonly #version: string;
  readonly #origin: string;
  #title = "";
  #body: LiveBody | undefined;
  #unsubscribe: () => void = () => {};
  /** Who looks, once that is known: what they asked for themselves is told on every page. */
  #viewer: string | undefined;
  #heart: ReturnType<typeof setInterval> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #gapMs = leastGapMs;
  #renderedAt = 0;
  #rendering = false;
  #dirty = true;
  /** What is due can wait until the next measured values are. */
  #patient = false;
  #closed: () => void;

  constructor(deps: WebDeps, request: Request, page: URL, found: Found, closed: () => void) {
    const query = new URL(request.url).searchParams;
    this.#deps = deps;
    // Of the request only what names the viewer is kept: the stream outlives it by hours.
    this.#request = standsFor(new Request(page.href, { headers: viewerHeaders(request) }), request);
    this.#url = page;
    this.#found = found;
    this.#version = query.get("v") ?? "";
    this.#state = decodeState(request.headers.get("last-event-id") ?? query.get("have"));
    this.#closed = closed;
    this.#origin = siteOf(request);
  }

  response(): Response {
    const body = new LiveBody(this.#request, () => this.close());
    this.#body = body;
    this.#write(": \n\n");
    const views = this.#deps.datasource.subscribe((notices) => this.#notice(notices));
    const commands = this.#deps.control.subscribe((changed) => this.#command(changed));
    this.#unsubscribe = () => {
      views();
      commands();
    };
    this.#heart = setInterval(() => void this.#beat(), heartbeatMs);
    void this.#render();
    return new Response(body.stream, { headers: { ...streamHeaders, ...body.headers } });
  }

  close(): void {
    if (!this.#body) return;
    const body = this.#body;
    this.#body = undefined;
    this.#unsubscribe();
    clearInterval(this.#heart);
    clearTimeout(this.#timer);
    this.#closed();
    body.close();
  }

  /** The viewer's own, and how many wait for approval, are told on every page; others' only where commands stand. */
  #command({ by, cluster, state, approvedBy }: CommandView): void {
    const counted = state === "proposed" || approvedBy !== undefined;
    if (by.id === this.#viewer || counted) this.#due(false);
    else this.#notice([{ cluster, topics: new Set(["commands"]) }]);
  }

  #notice(notices: ChangeNotice[]): void {
    const concerned = notices.filter((one) => this.#concerns(one));
    if (concerned.length === 0) return;
    const patient = concerned.every(({ topics }) => topics.size === 1 && topics.has("metrics"));
    this.#due(patient);
  }

  #due(patient: boolean): void {
    // Due already, and no later than this notice asks for.
    if (this.#dirty && (!this.#patient || patient)) return;
    this.#dirty = true;
    this.#patient = patient;
    if (!this.#rendering) this.#schedule();
  }

  #concerns(notice: ChangeNotice): boolean {
    const { page, params } = this.#found;
    // Counts in the side bar and the bars above the page follow the clusters' state on every page.
    if (notice.topics.has("clusters") || notice.topics.has("status")) return true;
    const cluster = params.cluster ?? (this.#url.searchParams.get("cluster") || undefined);
    if (cluster !== undefined && cluster !== notice.cluster) return false;
    return page.topics.some((topic) => notice.topics.has(topic));
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const gap = this.#patient ? Math.max(metricsGapMs, this.#gapMs) : this.#gapMs;
    const wait = Math.max(0, this.#renderedAt + gap - performance.now());
    this.#timer = setTimeout(() => void this.#render(), wait);
  }

  async #render(): Promise<void> {
    if (this.#rendering || !this.#body) return;
    if (this.#body.behind) {
      // The browser is behind: what it has not fetched yet would only get older in the queue.
      this.#renderedAt = performance.now() + 500;
      this.#schedule();
      return;
    }
    this.#rendering = true;
    this.#dirty = false;
    this.#patient = false;
    const start = performance.now();
    try {
      await this.#send();
    } finally {
      this.#rendering = false;
      this.#renderedAt = performance.now();
      this.#gapMs = Math.max(leastGapMs, (this.#renderedAt - start) * 10);
      if (this.#dirty) this.#schedule();
    }
  }

  async #send(): Promise<void> {
    const user = await this.#user();
    if (!user) return this.#signedOut();
    // Asked anew each time: what somebody may see can have changed.
    const deps = seenBy(this.#deps, user);
    const v = viewing(deps, this.#request, user, this.#url);
    const outdated = this.#version !== "" && v.assets.js.split("/")[2] !== this.#version;
    let message: string;
    try {
      const { page, params } = this.#found;
      const loaded = await page.load({
        v,
        params,
        deps,
        user,
        origin: this.#origin,
        from: nowhere,
        live: true,
      });
      message = wholly(this.#state, loaded.fragments);
      message += difference(this.#state, texts(v, page, loaded, outdated ? reloadBar(v) : undefined));
      if (loaded.title !== this.#title) {
        if (this.#title !== "") message += html`<title>${titleText(loaded.title)}</title>`.text;
        this.#title = loaded.title;
      }
    } catch (error) {
      const gone = error instanceof ProblemError && error.problem.status === 404;
      const bar = gone ? goneBar(v) : staleBar(v);
      message = difference(this.#state, { banner: bannerOf(v, bar).text });
    }
    if (message !== "") this.#write(`id: ${encodeState(this.#state)}\n${data(message)}\n`);
  }

  async #user(): Promise<UserPrincipal | undefined> {
    const principal = await this.#deps.access.authenticate(this.#request);
    if (principal?.kind === "user") this.#viewer = principal.userID;
    return principal?.kind === "user" && this.#deps.access.may(principal, this.#found.page.role ?? "viewer")
      ? principal
      : undefined;
  }

  async #beat(): Promise<void> {
    if (await this.#user()) this.#write(": \n\n");
    else this.#signedOut();
  }

  #signedOut(): void {
    this.#write(endOfSession(this.#request, this.#url));
    this.close();
  }

  #write(text: string): void {
    this.#body?.write(text);
  }
}

/** A stream asks for nothing in anybody's name. */
const nowhere = { address: "", secure: false };

const streamHeaders = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store",
  // nginx buffers answers unless told not to.
  "x-accel-buffering": "no",
};

function viewerHeaders(request: Request): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of ["cookie", "accept-language", "accept-encoding"]) {
    const value = request.headers.get(name);
    if (value) kept[name] = value;
  }
  return kept;
}

function data(message: string): string {
  return `${message
    .split(/\r\n|\r|\n/)
    .map((line) => `data: ${line}\n`)
    .join("")}`;
}

/** The message after which the browser does not come back by itself: what to do stands above the page. */
function endOfSession(request: Request, page: URL): string {
  const v = visiting(request);
  const banner = bannerOf(v, signedOutBar(v, page.pathname + page.search));
  return `${data(partial("banner", banner.text))}\nevent: session-end\ndata: \n\n`;
}

/** For those whose session has ended before they came (back): told on the stream, so that nobody retries. */
export function endedStream(request: Request, page: URL): Response {
  return new Response(endOfSession(request, page), { headers: streamHeaders });
}

/** Where an object is told of that the page waited for: all of its page, of which the browser has no part. */
function wholly(state: PageState, fragments: Record<string, Html>): string {
  const loaded = Object.keys(fragments).length > 0 && !(awaitedKey in fragments);
  if (!state.has(awaitedKey) || !loaded) return "";
  state.delete(awaitedKey);
  const text = Object.fromEntries(Object.entries(fragments).map(([id, one]) => [id, one.text]));
  for (const [id, one] of stateOf(text)) state.set(id, one);
  return partial("main", Object.values(text).join(""), "innerHTML");
}
