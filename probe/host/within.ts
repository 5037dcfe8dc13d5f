import { realpathSync } from "node:fs";

/**
 * Keeps reads below folders: a path whose links lead out of the innermost of `roots` that it is in is none. Below `/`
 * there is nothing to keep to, and in the machine's own /proc and /sys links are the kernel's: nothing is looked up. The
 * native host does it in the kernel, which also stands against who exchanges links meanwhile (`probe/native/roots.c`).
 */
export function withinRoots(roots: readonly string[]): (path: string) => boolean {
  const innermostFirst = roots
    .filter((root) => !["", "/", "/proc", "/sys"].includes(root))
    .map((root) => `${root}/`)
    .sort((a, b) => b.length - a.length);
  return (path) => {
    const root = innermostFirst.find((one) => path.startsWith(one));
    if (root === undefined) return true;
    try {
      const real = realpathSync(root);
      return `${realpathSync(path)}/`.startsWith(real === "/" ? real : `${real}/`);
    } catch {
      // What is not there cannot be read either.
      return false;
    }
  };
}
