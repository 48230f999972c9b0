/**
 * Reads a stored record once for each text of it. Plans and operations are read in every round of the
 * plans, mostly as they were: checking 500 hosts of a plan anew takes longer than the round. Records
 * are never changed in place, so two readers may have the same one.
 */
export function createReadOnce<Value>(
  parse: (json: string) => Value,
  keptMax: number,
): (id: string, json: string) => Value {
  let young = new Map<string, { readonly json: string; readonly value: Value }>();
  let old = young;
  return (id, json) => {
    const known = young.get(id) ?? old.get(id);
    const kept = known?.json === json ? known : { json, value: parse(json) };
    if (young.size >= keptMax) {
      old = young;
      young = new Map();
    }
    young.set(id, kept);
    return kept.value;
  };
}
