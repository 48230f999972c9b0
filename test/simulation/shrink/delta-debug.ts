/**
 * The smallest part of a list that it finds for which `holds` is still so, by leaving out ever smaller
 * pieces (Zeller, "Simplifying and Isolating Failure-Inducing Input", ddmin). `holds` must be so for the
 * whole list. Asks `triesMax` times at most, and then answers what it has.
 */
export async function smallestPart<Item>(
  items: readonly Item[],
  holds: (part: readonly Item[]) => Promise<boolean>,
  triesMax: number,
): Promise<readonly Item[]> {
  let part = items;
  let pieces = 2;
  let tries = 0;
  while (part.length > 0) {
    const size = Math.ceil(part.length / pieces);
    let isSmaller = false;
    for (let from = 0; from < part.length && tries < triesMax; from += size) {
      const rest = [...part.slice(0, from), ...part.slice(from + size)];
      tries += 1;
      if (!(await holds(rest))) continue;
      part = rest;
      pieces = Math.max(2, pieces - 1);
      isSmaller = true;
      break;
    }
    if (isSmaller) continue;
    if (size === 1 || tries >= triesMax) break;
    pieces = Math.min(part.length, pieces * 2);
  }
  return part;
}
