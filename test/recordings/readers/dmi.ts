import { parseDmidecode } from "#agent/collectors/dmi.ts";
import { dmiComponents } from "#agent/collectors/dmi-components.ts";
import { lshwInventory, parseLshw } from "#agent/collectors/lshw.ts";
import type { Component } from "#proto/messages/state.ts";
import type { RecordingReader } from "../reader.ts";
import { readRecording } from "../recordings-folder.ts";

export const readers: readonly RecordingReader[] = [
  {
    matches: /^dmi\/.*\.txt$/,
    read(name) {
      const inventory = parseDmidecode(readRecording(name));
      return { ...inventory, ...viewOf(dmiComponents(inventory)) };
    },
  },
  {
    matches: /^dmi\/.*lshw\.json$/,
    read(name) {
      const parsed = parseLshw(readRecording(name));
      if (!parsed.ok) return { problem: parsed.problem };
      const inventory = lshwInventory(parsed.value);
      return { ...inventory, ...viewOf(inventory.components) };
    },
  },
];

/** Parts by `kind slot`, and how many there are of each kind. */
function viewOf(components: readonly Component[]) {
  const counts: Record<string, number> = {};
  for (const { kind } of components) counts[kind] = (counts[kind] ?? 0) + 1;
  const parts = Object.fromEntries(components.map((part) => [`${part.kind} ${part.slot}`, part]));
  return { counts, parts };
}
