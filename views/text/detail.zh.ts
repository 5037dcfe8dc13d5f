import type { detailEn } from "./detail.en.ts";

/** 概览与各对象详情页的文字。 */
export const detailZh: typeof detailEn = {
  overview: "概览",
};
