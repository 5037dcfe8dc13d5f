import type { Native } from "../host/native.ts";
import { quickJsHost } from "../host/quickjs.ts";
import { type Trial, tryHost } from "./trial.ts";

/** A trial on QuickJS: the program's argument is the trial's file. */
declare const native: Native;

native.root("/");
const trial: Trial = JSON.parse(native.readText(native.arguments[0]!)!);
for (const root of trial.roots) native.root(root);
const host = quickJsHost(native);
let code: number | undefined;
tryHost(host, trial).then((answers) => {
  native.print(answers);
  // For whoever measures: the most memory that it ever had.
  native.printError(/^VmHWM:.*$/m.exec(native.readText("/proc/self/status") ?? "")?.[0] ?? "");
  code = 0;
});
native.run(() => {
  if (code === undefined) host.turn();
  return code;
});
