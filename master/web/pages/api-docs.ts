import { type ApiDocument, apiDocsPage } from "../../../views/pages/api-docs.ts";
import { openApiDocument } from "../../api/openapi.ts";
import type { Page } from "../page.ts";

/** Made from the same document that programs read, once: it does not change while the master runs. */
let document: ApiDocument | undefined;

export const apiDocs: Page = {
  path: "/api/docs",
  nav: "settings",
  topics: [],
  load({ v, deps }) {
    document ??= openApiDocument() as unknown as ApiDocument;
    const origin = deps.config.publicUrl.replace(/\/$/, "") || "http://127.0.0.1:8080";
    return { title: v.t.detail.api, fragments: apiDocsPage(v, document, origin) };
  },
};
