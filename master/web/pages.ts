import { podList } from "../../views/pages/pods.ts";
import { listPage } from "./list-page.ts";
import type { Page } from "./page.ts";

/** Every page; the first whose path matches is taken. */
export const pages: readonly Page[] = [listPage(podList, "pods", { topics: ["metrics"] })];
