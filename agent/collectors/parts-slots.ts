/**
 * A name for the place of each part of one kind, no two alike. `candidates` has for each part what
 * the firmware calls its place, the nearest name first: `D11`, then the bank `/SYS/MB/P0`. Where the
 * nearest name is not enough to tell the parts apart, the bank comes before it; where nothing is,
 * they are numbered: `dimm0`. Asked over all places, also the empty ones, so that a name does not
 * change when a module is pulled.
 */
export function chooseSlots(
  candidates: readonly (readonly (string | null)[])[],
  kind: string,
): readonly string[] {
  const nearest = candidates.map(([name]) => usable(name));
  const banked = candidates.map(([name, bank]) => {
    const [place, around] = [usable(name), usable(bank)];
    return place === null || around === null ? null : `${around} ${place}`;
  });
  const nearestCounts = countsOf(nearest);
  const bankedCounts = countsOf(banked);
  const slots = candidates.map((_, index) => {
    const name = nearest[index] ?? null;
    if (name !== null && nearestCounts.get(name) === 1) return name;
    const both = banked[index] ?? null;
    return both !== null && bankedCounts.get(both) === 1 ? both : `${kind}${index}`;
  });
  // A machine whose third place is called dimm0 is thinkable.
  return new Set(slots).size === slots.length
    ? slots
    : candidates.map((_, index) => `${kind}${index}`);
}

/** Firmware that lost a text gives dots for it: a place has a letter or digit and a word of them. */
function usable(name: string | null | undefined): string | null {
  if (name === null || name === undefined || !/[0-9A-Za-z]/.test(name)) return null;
  return /^[.\s]/.test(name) && /[.\s]$/.test(name) ? null : name;
}

function countsOf(names: readonly (string | null)[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
