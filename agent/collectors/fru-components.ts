import type { Component } from "#proto/messages/state.ts";
import { unknownComponent } from "#proto/messages/state.ts";
import type { FruUnit } from "./fru.ts";

/**
 * The power supplies that a BMC knows: their serials stand nowhere else on many machines. A supply's
 * record is known by its name; its board area or its product area speaks, as makers differ.
 */
export function suppliesOfFru(units: readonly FruUnit[]): readonly Component[] {
  return distinct(units.filter(isSupply)).flatMap((unit) => {
    const { product, board } = unit;
    const serial = product.serial ?? board.serial;
    const model = product.name ?? board.product;
    if (serial === null && model === null) return [];
    return [
      {
        ...unknownComponent,
        kind: "psu",
        slot: unit.name,
        vendor: product.manufacturer ?? board.manufacturer,
        model,
        serial,
        partNumber: product.partNumber ?? board.partNumber,
        firmware: product.version,
      },
    ];
  });
}

export function isSupply({ name }: Pick<FruUnit, "name">): boolean {
  return supplyName.test(name);
}

/** The main board: the first record with a board area that is none of a part's; listed twice at times. */
export function boardsOfFru(units: readonly FruUnit[]): readonly Component[] {
  const boards = units.filter(
    ({ name, chassis, board }) =>
      board.serial !== null &&
      (chassis.serial !== null || /builtin|default fru|main ?board|mother|mb/i.test(name)),
  );
  return distinct(boards)
    .slice(0, 1)
    .map(({ name, board }) => ({
      ...unknownComponent,
      kind: "board",
      slot: name,
      vendor: board.manufacturer,
      model: board.product,
      serial: board.serial,
      partNumber: board.partNumber,
    }));
}

function distinct(units: readonly FruUnit[]): readonly FruUnit[] {
  const seen = new Set<string>();
  return units.filter((unit) => {
    const serial = unit.board.serial ?? unit.product.serial;
    if (serial === null) return true;
    const isNew = !seen.has(serial);
    seen.add(serial);
    return isNew;
  });
}

const supplyName = /^(?:ps|psu|power supply|pwr ?supply|pws) ?#?\d{0,2}\b/i;
