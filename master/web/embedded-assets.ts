import { readFileSync } from "node:fs";

/**
 * The texts of all assets, from their files beside the source; minified as far as that goes without a bundler. A
 * compiled binary has no files: whoever compiles puts what this gives in its place (manifests/images/compile.ts).
 */
export function embedded(): Record<
  "css" | "js" | "charts" | "chartLarge" | "logs" | "terminal" | "xtermCss" | "icon",
  string
> {
  const transpiler = new Bun.Transpiler({ loader: "js", minifyWhitespace: true });
  const scripts = ["app.js", "search.js", "actions.js", "palette.js", "resources.js"].map((name) =>
    transpiler.transformSync(own(name)),
  );
  // One file: a module that imports another would be fetched under an address without a hash.
  const typed = new Bun.Transpiler({ loader: "ts", minifyWhitespace: true });
  const modules = (...names: string[]) =>
    names
      .map((name) => {
        const text = own(name)
          .replace(/^import [^;]*;\n/gm, "")
          .replace(/^export /gm, "");
        return (name.endsWith(".ts") ? typed : transpiler).transformSync(text);
      })
      .join("\n;");
  const css = [
    "tokens.css",
    "base.css",
    "frame.css",
    "controls.css",
    "state.css",
    "head.css",
    "tables.css",
    "notes.css",
    "forms.css",
    "bare.css",
    "widths.css",
    "charts.css",
    "detail.css",
    "audit.css",
    "enrolment.css",
    "actions.css",
    "resources.css",
    "streams.css",
    "alerts.css",
  ]
    .map(own)
    .join("");
  return {
    css: css.replace(/\/\*[\s\S]*?\*\//g, "").replace(/\s*\n\s*/g, "\n"),
    js: together([given("htmx.org/dist/htmx.min.js"), given("htmx.org/dist/ext/hx-sse.min.js"), ...scripts]),
    charts: modules(
      "../parts/format.ts",
      "../parts/chart-scale.ts",
      "../parts/moment.ts",
      "chart-time.js",
      "chart-read.js",
      "chart-cursor.js",
      "chart-zoom.js",
    ),
    // Brings what it exports to the one that asks for it by its address.
    chartLarge: `${given("uplot/dist/uPlot.iife.min.js")}\n;${modules("chart-values.js", "chart-draw.js", "chart-large.js")}\nexport{openLarge};`,
    logs: modules("ansi.js", "logs.js"),
    terminal: together([
      given("@xterm/xterm/lib/xterm.js"),
      given("@xterm/addon-fit/lib/addon-fit.js"),
      transpiler.transformSync(own("terminal.js")),
    ]),
    xtermCss: given("@xterm/xterm/css/xterm.css"),
    icon: own("icon.svg"),
  };
}

const own = (name: string) => readFileSync(new URL(`../../views/assets/${name}`, import.meta.url), "utf8");
const given = (path: string) => readFileSync(Bun.resolveSync(path, import.meta.dir), "utf8");

const together = (scripts: readonly string[]) =>
  scripts.map((one) => one.replace(/^\/\/# sourceMappingURL=.*$/m, "")).join("\n;");
