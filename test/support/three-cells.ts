import { staleHeader } from "#fleet/api/cell-schemas.ts";
import { federationLimits } from "#fleet/federation/federation-limits.ts";
import { createFederationWorld, type FederationWorld, type TestCell } from "./federation-world.ts";

/** A federation of `na`, `eu` and `ea`, each with three hosts: 1 to 3, 11 to 13, 21 to 23. */
export interface ThreeCells extends FederationWorld {
  at(index: number): TestCell;
  /** After a look the state is known; a cell that is shut then is seen at the next one. */
  shut(index: number, way: "down" | "silent"): Promise<void>;
}

export async function createThreeCells(): Promise<ThreeCells> {
  const world = await createFederationWorld(["na", "eu", "ea"]);
  for (const [index, cell] of world.cells.entries())
    for (let number = 1; number <= 3; number += 1) await cell.world.addHost(index * 10 + number);
  const at = (index: number): TestCell => {
    const cell = world.cells[index];
    if (cell === undefined) throw new Error(`no cell ${index}`);
    return cell;
  };
  return {
    ...world,
    at,
    async shut(index, way) {
      at(index).way = way;
      const looking = world.lookAtAll();
      await world.clock.advance(federationLimits.probeMsMax + 1);
      await looking;
    },
  };
}

/** The cells that an answer says it could not ask. */
export function staleOf(
  headers: Record<string, unknown>,
): { readonly name: string; readonly sinceMs: number; readonly why: string }[] {
  return JSON.parse(String(headers[staleHeader] ?? "[]"));
}
