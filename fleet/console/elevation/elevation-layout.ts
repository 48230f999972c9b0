import type { RackDetail } from "#fleet/api/place-schemas.ts";

/** One box of the picture: a host, or one free unit. `unit` is its lowest, counted from the bottom. */
export type RackBox =
  | {
      readonly kind: "host";
      readonly unit: number;
      readonly heightUnits: number;
      readonly host: RackDetail["slots"][number]["host"];
    }
  | { readonly kind: "free"; readonly unit: number; readonly heightUnits: 1 };

export interface RackLayout {
  readonly heightUnits: number;
  /** From the top down, every unit covered once. */
  readonly boxes: readonly RackBox[];
  /** Hosts that claim a unit which another host fills, or which the rack does not have. */
  readonly misplaced: readonly RackDetail["slots"][number][];
}

/**
 * Places hosts and free units. Two hosts in one unit, or one above the top, is a mistake in the
 * inventory: it is told, not drawn over.
 */
export function layOutRack(rack: Pick<RackDetail, "heightUnits" | "slots">): RackLayout {
  const boxes: RackBox[] = [];
  const misplaced: RackDetail["slots"][number][] = [];
  const taken = new Set<number>();
  for (const slot of [...rack.slots].sort((a, b) => a.unit - b.unit)) {
    const units = unitsOf(slot);
    const fits = units.every((unit) => unit >= 1 && unit <= rack.heightUnits && !taken.has(unit));
    if (!fits) {
      misplaced.push(slot);
      continue;
    }
    for (const unit of units) taken.add(unit);
    boxes.push({ kind: "host", ...slot });
  }
  for (let unit = 1; unit <= rack.heightUnits; unit += 1) {
    if (!taken.has(unit)) boxes.push({ kind: "free", unit, heightUnits: 1 });
  }
  boxes.sort((a, b) => b.unit - a.unit);
  return { heightUnits: rack.heightUnits, boxes, misplaced };
}

/** Distance of a box's upper edge from the rack's, in units. */
export function unitsFromTop(box: RackBox, heightUnits: number): number {
  return heightUnits - (box.unit + box.heightUnits - 1);
}

/** The box an arrow key leads to: up is towards the top. Stays where there is no further one. */
export function moveByUnit(boxes: readonly RackBox[], from: number, by: "up" | "down"): number {
  const next = from + (by === "up" ? -1 : 1);
  return next < 0 || next >= boxes.length ? from : next;
}

/** The box of a neighbouring rack that lies at the same height. */
export function boxAtUnit(boxes: readonly RackBox[], unit: number): number {
  const at = boxes.findIndex((box) => box.unit <= unit && unit < box.unit + box.heightUnits);
  return at === -1 ? 0 : at;
}

/** `u12`, or `u12–13` for a host of two units. */
export function unitWords(unit: number, heightUnits: number): string {
  const first = `u${String(unit).padStart(2, "0")}`;
  return heightUnits === 1 ? first : `${first}–${String(unit + heightUnits - 1).padStart(2, "0")}`;
}

function unitsOf({ unit, heightUnits }: { unit: number; heightUnits: number }): number[] {
  return Array.from({ length: heightUnits }, (_, index) => unit + index);
}
