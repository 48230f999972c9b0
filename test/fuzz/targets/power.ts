import { microjoulesBetween } from "#agent/collectors/rapl.ts";
import { listRaplZones } from "#agent/collectors/rapl-zones.ts";
import { createMemorySource } from "#test/support/memory-source.ts";
import type { FuzzTarget } from "../fuzz-target.ts";

/** One line a zone: folder, name, energy, range. */
const zones = `intel-rapl:0 package-1 1000 262143328850
intel-rapl:0:0 core 900 262143328850
intel-rapl:0:1 dram 50 65712999613
intel-rapl:1 package-0 262143328849 262143328850
intel-rapl:2 psys 12 0
intel-rapl-mmio:0 package-0 1 262143328850
`;

function parseZones(text: string): unknown {
  const source = createMemorySource();
  for (const line of text.split("\n").slice(0, 256)) {
    const [folder = "", name = "", energy = "", range = ""] = line.split(" ");
    const base = `/sys/class/powercap/${folder}`;
    source.put(`${base}/name`, `${name}\n`);
    source.put(`${base}/energy_uj`, `${energy}\n`);
    source.put(`${base}/max_energy_range_uj`, `${range}\n`);
  }
  return listRaplZones(source).map((zone) => ({
    ...zone,
    used: microjoulesBetween(1_000, 10, zone.rangeMicrojoules, 1_000),
  }));
}

export const targets: readonly FuzzTarget[] = [
  { name: "listRaplZones", samples: () => [zones], recordings: null, parse: parseZones },
];
