import { formatCount } from "../parts/format.ts";
import type { alertTimesEn } from "./alert-times.en.ts";

const n = formatCount;

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

  maintenance: {
    badge: "维护中",
    now: "维护中",
    hides: (count) => `隐藏 ${n(count)} 个告警`,
    when: "时间",
    state: "状态",
    states: { open: "进行中", scheduled: "已计划", over: "已结束" },
    reason: "原因",
    lasting: (duration) => `持续 ${duration}`,
    add: "计划维护",
    addHow: "维护窗口期间，匹配的告警不发送通知；窗口结束时仍在触发的告警会通知。",
    types: { once: "一次", weekly: "每周", cron: "按 cron" },
    addTitle: (type) => `新维护窗口：${type}`,
    editTitle: (name) => `维护窗口 ${name}`,
    from: "开始",
    to: "结束",
    toHint: "不晚于开始时间时，表示次日。",
    days: "星期",
    expression: "Cron 表达式",
    expressionHint: "分、时、日、月、星期：0 22 * * 6#2 表示每月第二个星期六 22:00。",
    duration: "时长",
    durationHint: "30m、4h、2d。",
    openings: "开放时间：",
    noOpening: "不会再开放。",
    preview: "预览时间和将隐藏的告警",
    save: "保存",
    remove: "删除窗口",
    removeHow: "它所隐藏的告警会重新通知。",
    nothing: "没有计划的维护",
    nothingHow: "维护窗口使告警在计划的工作期间不发送通知，可以是一次，也可以重复。",
  },
};
