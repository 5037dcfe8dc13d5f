import type { TestMaster } from "../../harness.ts";

export interface Visit {
  status: number;
  /** Where it leads. */
  to: string | null;
  text: string;
}

/** A browser that keeps cookies, follows no redirect by itself, and posts forms with their token. */
export class Visitor {
  readonly #master: TestMaster;
  readonly #lang: string;
  readonly #jar = new Map<string, string>();
  #csrf = "";

  constructor(master: TestMaster, lang = "en") {
    this.#master = master;
    this.#lang = lang;
  }

  get cookie(): string {
    return [...this.#jar].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  go(path: string): Promise<Visit> {
    return this.#send(path, {});
  }

  /** Posts a form, with the token of the page that was seen last unless the fields have another. */
  post(path: string, fields: Record<string, string>): Promise<Visit> {
    return this.#send(path, {
      method: "POST",
      body: new URLSearchParams(this.#csrf === "" ? fields : { _csrf: this.#csrf, ...fields }),
    });
  }

  /** Any method, with these fields where it has a body. */
  send(method: string, path: string, fields: Record<string, string>): Promise<Visit> {
    return this.#send(path, method === "GET" ? {} : { method, body: new URLSearchParams(fields) });
  }

  signIn(name: string, password: string): Promise<Visit> {
    return this.post("/sign-in", { name, password });
  }

  async #send(path: string, init: RequestInit): Promise<Visit> {
    const response = await fetch(this.#master.url + path, {
      ...init,
      redirect: "manual",
      headers: { cookie: this.cookie, "accept-language": this.#lang },
    });
    for (const one of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(one)!;
      if (value === "") this.#jar.delete(name!);
      else this.#jar.set(name!, value!);
    }
    const text = await response.text();
    this.#csrf = /name="_csrf" value="([^"]+)"/.exec(text)?.[1] ?? this.#csrf;
    return { status: response.status, to: response.headers.get("location"), text };
  }
}
