import { type Component, unknownComponent } from "#proto/messages/state.ts";
import { isPlaceholder } from "#proto/vocabulary/placeholder.ts";
import { isRecord } from "#proto/vocabulary/plain-record.ts";
import { meaningful, positiveWhole } from "./slow-facts.ts";

/**
 * Memory modules out of systeminformation's memLayout (dmidecode type 17). Empty slots have size 0;
 * where there are no DMI tables it gives one nameless entry of the whole memory, which is no module.
 */
export function parseDimms(answer: unknown): readonly Component[] {
  if (!Array.isArray(answer)) return [];
  return answer.filter(isRecord).flatMap((entry, index): readonly Component[] => {
    const size = positiveWhole(entry["size"]);
    const slot = meaningful(entry["bank"]);
    const vendor = meaningful(entry["manufacturer"]);
    const type = meaningful(entry["type"]);
    const model = meaningful(entry["partNum"]);
    if (size === null || (slot === "" && vendor === "" && type === "" && model === "")) return [];
    const megatransfers = positiveWhole(entry["clockSpeed"]);
    return [
      {
        ...unknownComponent,
        kind: "dimm",
        // Many boards leave "Not Specified" in every bank: that would be one slot for all.
        slot: isPlaceholder(slot) ? `dimm${index}` : slot,
        vendor: vendor || null,
        model: model || null,
        serial: meaningful(entry["serialNum"]) || null,
        firmware: null,
        sizeBytes: size,
        // 64 data bits a transfer.
        speedBitsPerSecond: megatransfers === null ? null : megatransfers * 64_000_000,
        address: null,
        interface: type === "" ? null : type.toLowerCase(),
        rotational: null,
      },
    ];
  });
}
