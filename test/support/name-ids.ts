/**
 * Text as a golden file keeps it: ids are named by their kind and their place among those of it
 * (`PLAN-1`), others by where they come first (`ID-1`), and what is masked by its word.
 */
export function nameIds(
  text: string,
  known: Readonly<Record<string, readonly { readonly id: string }[]>>,
  masks: ReadonlyMap<string, string>,
): string {
  const names = new Map<string, string>();
  for (const [word, records] of Object.entries(known))
    for (const [index, id] of idsOf(records).entries()) names.set(id, `${word}-${index + 1}`);
  let others = 0;
  // CSV ends its lines with CR LF, which a golden file does not keep.
  let shown = text.replaceAll("\r\n", "\n");
  for (const [masked, word] of masks) shown = shown.replaceAll(masked, word);
  return shown.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, (id) => {
    const name = names.get(id);
    if (name !== undefined) return name;
    others += 1;
    names.set(id, `ID-${others}`);
    return `ID-${others}`;
  });
}

function idsOf(records: readonly { readonly id: string }[]): readonly string[] {
  return records.map(({ id }) => id).sort();
}
