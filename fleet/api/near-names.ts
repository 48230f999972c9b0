/** Up to three of `names` that look like `wanted`, nearest first; none where nothing is near. */
export function nearestNames(wanted: string, names: readonly string[]): readonly string[] {
  const lower = wanted.slice(0, 64).toLowerCase();
  // Two letters that changed places are two edits.
  const limit = lower.length < 4 ? 1 : Math.min(3, Math.max(2, Math.floor(lower.length / 3)));
  return names
    .map((name) => ({ name, distance: nearness(lower, name.toLowerCase()) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
}

/** Edits between the two; a name that begins with what was typed counts as one edit. */
function nearness(wanted: string, name: string): number {
  if (wanted === name) return 0;
  if (wanted !== "" && name.startsWith(wanted)) return 1;
  if (Math.abs(wanted.length - name.length) > 8) return Number.POSITIVE_INFINITY;
  let above = Array.from({ length: name.length + 1 }, (_, index) => index);
  for (let row = 1; row <= wanted.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= name.length; column += 1) {
      const isSame = wanted[row - 1] === name[column - 1];
      const replaced = (above[column - 1] ?? 0) + (isSame ? 0 : 1);
      const removed = (above[column] ?? 0) + 1;
      const added = (current[column - 1] ?? 0) + 1;
      current.push(Math.min(replaced, removed, added));
    }
    above = current;
  }
  return above[name.length] ?? Number.POSITIVE_INFINITY;
}
