/** Which is the first and the last step that a column's bitmap marks; an empty one marks all. */
export function firstSeenStep(present: Uint8Array): number {
  if (present.length === 0) return 0;
  let index = 0;
  while (index < present.length && present[index] === 0) index += 1;
  const byte = present[index] ?? 0;
  return index * 8 + (31 - Math.clz32(byte & -byte));
}

export function lastSeenStep(present: Uint8Array, steps: number): number {
  if (present.length === 0) return steps - 1;
  let index = present.length - 1;
  while (index > 0 && present[index] === 0) index -= 1;
  return index * 8 + (31 - Math.clz32(present[index] ?? 0));
}
