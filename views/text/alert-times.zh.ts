import type { alertTimesEn } from "./alert-times.en.ts";

export const alertTimesZh: typeof alertTimesEn = {
  times: {
    days: { mon: "周一", tue: "周二", wed: "周三", thu: "周四", fri: "周五", sat: "周六", sun: "周日" },
    comma: "、",
    in: "距开始",
    openFor: "还将持续",
    activeTimes: "仅在以下时间",
    activeTimesHint:
      "例如 Mon-Fri 08:00-18:00，每行一个；22:00-06:00 跨越午夜。留空表示始终。在此之外触发的告警，到下一个时间段开始时若仍在触发才会通知。",
    now: "当前：",
    active: "通知中",
    quiet: "不通知",
    quietUntil: (when) => `${when} 之前不通知`,
    zone: "时区",
    zoneHint: "以哪里的时钟为准：Europe/Berlin、Asia/Shanghai、UTC。",
  },
};
