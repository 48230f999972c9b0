import type { Host } from "#fleet/api/host-schemas.ts";

type Component = Host["health"]["findings"][number]["component"];

const kindWords: Readonly<Record<string, string>> = {
  disk: "Disk",
  dimm: "Memory module",
  psu: "Power supply",
  cpu: "CPU",
  gpu: "Accelerator",
  nic: "Port",
  bmc: "Management controller",
  board: "Board",
  controller: "Disk controller",
  array: "Array",
  battery: "Battery",
  enclosure: "Enclosure",
  fan: "Fan",
  filesystem: "File system",
  sensor: "Sensor",
};

/** A part as one looks for it in front of the rack: `Disk sda, slot 3, serial S1`. */
export function nameComponent({ kind, name, slot, serial }: Component): string {
  if (kind === "host") return "Host";
  const word = (Object.hasOwn(kindWords, kind) ? kindWords[kind] : undefined) ?? "Part";
  const isNamed = name.toLowerCase().startsWith(word.toLowerCase());
  const names = [isNamed ? name : `${word} ${name}`];
  if (slot !== null && slot !== name) names.push(`slot ${slot}`);
  if (serial !== null && serial !== name) names.push(`serial ${serial}`);
  return names.join(", ");
}
