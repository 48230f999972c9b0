import { type Component, unknownComponent } from "#proto/messages/state.ts";
import type { DmiInventory } from "./dmi-inventory.ts";

/** The parts that the DMI tables know, each once. Empty slots and sockets are no parts. */
export function dmiComponents(inventory: DmiInventory): readonly Component[] {
  const { boards, bmc, processors, modules, supplies, firmware } = inventory;
  return [
    ...boards.flatMap((board, index): readonly Component[] =>
      board.product === null && board.serial === null
        ? []
        : [
            {
              ...unknownComponent,
              kind: "board",
              slot: board.slot,
              vendor: board.manufacturer,
              model: board.product,
              serial: board.serial,
              firmware: index === 0 ? (firmware?.version ?? null) : null,
            },
          ],
    ),
    ...(bmc === null
      ? []
      : [{ ...unknownComponent, kind: "bmc", slot: "bmc", interface: bmc.interface } as const]),
    ...processors.flatMap(({ populated, slot, vendor, model, serial, partNumber }) =>
      populated
        ? [{ ...unknownComponent, kind: "cpu", slot, vendor, model, serial, partNumber } as const]
        : [],
    ),
    ...modules.flatMap((module): readonly Component[] => {
      const { installed, slot, vendor, serial, partNumber, sizeBytes, type } = module;
      if (!installed) return [];
      const megatransfers = module.configuredMegatransfers ?? module.megatransfers;
      return [
        {
          ...unknownComponent,
          kind: "dimm",
          slot,
          vendor,
          model: partNumber,
          serial,
          partNumber,
          sizeBytes,
          speedBitsPerSecond: dimmBitsPerSecond(megatransfers),
          interface: type?.toLowerCase() ?? null,
        },
      ];
    }),
    ...supplies.flatMap(({ present, slot, vendor, model, serial, partNumber }) =>
      // A record of nothing but fillers, "Present, OK" in it, is the board maker's template.
      present !== true || [vendor, model, serial, partNumber].every((text) => text === null)
        ? []
        : [{ ...unknownComponent, kind: "psu", slot, vendor, model, serial, partNumber } as const],
    ),
  ];
}

/** 64 data bits a transfer. */
export function dimmBitsPerSecond(megatransfers: number | null): number | null {
  return megatransfers === null ? null : megatransfers * 64_000_000;
}
