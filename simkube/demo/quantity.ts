const binary: Record<string, number> = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };

/** `250m` → 0.25, `512Mi` → bytes, `2` → 2. */
export function quantity(text: string | undefined): number {
  if (text === undefined) return 0;
  const match = /^([\d.]+)(m|Ki|Mi|Gi|Ti|)$/.exec(text);
  if (!match) return 0;
  const number = Number(match[1]);
  return match[2] === "m" ? number / 1000 : number * (binary[match[2]!] ?? 1);
}
