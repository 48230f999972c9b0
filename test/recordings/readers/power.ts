import { listRaplZones } from "#agent/collectors/rapl-zones.ts";
import { parseInteger } from "#agent/collectors/text.ts";
import type { RecordingReader } from "../reader.ts";
import { recordingPath } from "../recordings-folder.ts";
import { openTreeSource } from "../tree-source.ts";

/** RAPL as powercap shows it in a recorded tree. */
function readRapl(name: string): unknown {
  const source = openTreeSource(recordingPath(name));
  const zones = listRaplZones(source).map((zone) => {
    const energy = source.readText(zone.energyPath);
    return { ...zone, microjoules: energy.ok ? parseInteger(energy.value) : null };
  });
  return { zones, byId: Object.fromEntries(zones.map((zone) => [zone.id, zone])) };
}

export const readers: readonly RecordingReader[] = [
  { matches: /^power\/rapl-[^/]*\/$/, read: readRapl },
];
