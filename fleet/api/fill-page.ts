/** So many rounds for one page: whoever sees little of a long list pages on. */
const roundsMax = 20;

/**
 * One page of what the asker sees, of a list that is read newest first and cannot be asked for that.
 * `cursor` is where the next page begins; null: there is none.
 */
export async function fillPage<Item extends { readonly id: Id }, Id extends string>(ask: {
  readonly before: Id | null;
  readonly limit: number;
  readonly read: (before: Id | null, limit: number) => Promise<readonly Item[]>;
  readonly isSeen: (item: Item) => Promise<boolean> | boolean;
}): Promise<{ readonly items: readonly Item[]; readonly cursor: Id | null }> {
  const items: Item[] = [];
  let { before } = ask;
  for (let round = 0; round < roundsMax; round += 1) {
    const found = await ask.read(before, ask.limit);
    for (const item of found) {
      if (items.length === ask.limit) return { items, cursor: before };
      before = item.id;
      if (await ask.isSeen(item)) items.push(item);
    }
    if (found.length < ask.limit) return { items, cursor: null };
    if (items.length === ask.limit) break;
  }
  return { items, cursor: before };
}
