/** What the probe is built for: its name in `dist/`, as Debian calls it, and as the compiler does. */
export interface Target {
  name: string;
  debian: string;
  triplet: string;
  /** What runs its programs elsewhere, of Debian's qemu-user-static; undefined on a machine of the same kind. */
  emulator: string;
  /** More words for the linker. */
  link?: string[];
}

export const targets: readonly Target[] = [
  { name: "linux-amd64", debian: "amd64", triplet: "x86_64-linux-gnu", emulator: "qemu-x86_64-static" },
  { name: "linux-arm64", debian: "arm64", triplet: "aarch64-linux-gnu", emulator: "qemu-aarch64-static" },
  { name: "linux-armv7", debian: "armhf", triplet: "arm-linux-gnueabihf", emulator: "qemu-arm-static" },
  {
    name: "linux-riscv64",
    debian: "riscv64",
    triplet: "riscv64-linux-gnu",
    emulator: "qemu-riscv64-static",
    // Shorter jumps would save 4 % of the binary, and take the linker ten times as long as all the rest.
    link: ["-Wl,--no-relax"],
  },
];

/** This machine's own; undefined on one of another kind. */
export function ownTarget(): Target | undefined {
  const own = { x64: "amd64", arm64: "arm64" }[process.arch as string];
  return process.platform === "linux" ? targets.find((one) => one.debian === own) : undefined;
}

/** Words that run a target's program on this machine; undefined where nothing here does. */
export function runnerOf(target: Target): string[] | undefined {
  if (target === ownTarget()) return [];
  const emulator = Bun.which(target.emulator);
  return emulator ? [emulator] : undefined;
}
