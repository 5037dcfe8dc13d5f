import { expect, test } from "bun:test";
import { toldZh } from "./told.zh.ts";

test("what alerts say is told in Chinese, with its names and numbers", () => {
  for (const [english, chinese] of [
    [
      "disk /data reaches 100 % in about 7 h at 1.2 GiB/h, now 86 %",
      "disk /data 约 7 小时后达到 100 %（速率 1.2 GiB/h），目前 86 %",
    ],
    ["memory used rises by 1.5 GiB/h, now 9.5 GiB", "memory used 上升 1.5 GiB/h，目前 9.5 GiB"],
    ["the certificate expires in 13 d, on 2026-12-10", "证书将在 13 天后过期（2026-12-10）"],
    ["no values of disk /data used come any more", "不再收到 disk /data used 的数值"],
    [
      "12 events within 30 min, the newest BackOff: Back-off restarting",
      "30 分钟 内 12 个事件，最近的是 BackOff：Back-off restarting",
    ],
    ["302 Found (a redirect is not followed)", "302 Found（不跟随重定向）"],
    ["the connection failed: ECONNREFUSED", "连接失败: ECONNREFUSED"],
    ["no answer within 15 s", "15 秒内没有应答"],
    ["the time at which it is over has to be the longer one", "恢复的时间须较长。"],
  ] as const)
    expect(toldZh(english)).toBe(chinese);
});
