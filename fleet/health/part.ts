import type { Series } from "#proto/messages/series.ts";
import type { Component, ComponentKind } from "#proto/messages/state.ts";

/** What a finding is about, named so that a person in front of the rack finds it. */
export interface Part {
  readonly kind: PartKind;
  /** The `hw.id` of its series, or what stands for it: a mount point, an interface. */
  readonly id: string;
  /** What people call it: nvme0n1, PSU1. */
  readonly name: string;
  readonly slot: string | null;
  readonly serial: string | null;
}

export type PartKind =
  | Exclude<ComponentKind, "unspecified">
  | "array"
  | "battery"
  | "enclosure"
  | "fan"
  | "filesystem"
  | "host"
  | "sensor"
  | "part";

const kindsByType: Readonly<Record<string, PartKind>> = {
  physical_disk: "disk",
  logical_disk: "array",
  memory: "dimm",
  power_supply: "psu",
  cpu: "cpu",
  gpu: "gpu",
  fan: "fan",
  temperature: "sensor",
  voltage: "sensor",
  network: "nic",
  battery: "battery",
  disk_controller: "controller",
  enclosure: "enclosure",
};

/** Keys of what stands for a part where there is no `hw.id`. */
const idKeys = ["hw.id", "network.interface.name", "system.filesystem.mountpoint", "system.device"];

export function attributeOf({ attributes }: Series, key: string): string | undefined {
  for (const attribute of attributes) if (attribute.key === key) return attribute.value;
  return undefined;
}

/** Identifies the part within its host; empty for a series of the host as a whole. */
export function partIdOf(series: Series): string {
  for (const key of idKeys) {
    const value = attributeOf(series, key);
    if (value !== undefined) return value;
  }
  return "";
}

/** The part that a series speaks of, with what the inventory knows of it. */
export function partOf(
  series: Series,
  components: readonly Component[],
  usualKind: PartKind,
): Part {
  const id = partIdOf(series);
  const name = attributeOf(series, "hw.name") ?? id;
  const type = attributeOf(series, "hw.type");
  const kind = (type === undefined ? undefined : kindsByType[type]) ?? usualKind;
  const component = findComponent(components, kind, id, name);
  return {
    kind,
    id,
    name: name === "" ? "host" : name,
    slot: component === undefined || component.slot === "" ? null : component.slot,
    serial: component?.serial ?? null,
  };
}

/** By serial first: a slot may hold another part tomorrow. */
function findComponent(
  components: readonly Component[],
  kind: PartKind,
  id: string,
  name: string,
): Component | undefined {
  const ofKind = components.filter((one) => one.kind === kind);
  return (
    ofKind.find(({ serial }) => serial !== null && serial === id) ??
    ofKind.find(({ slot }) => slot !== "" && (slot === id || slot === name))
  );
}

/** `disk nvme0n1 (slot 3, serial S1)`, as a person reads it. */
export function partWords({ kind, name, slot, serial }: Part): string {
  if (kind === "host") return "host";
  const more: string[] = [];
  if (slot !== null && slot !== name) more.push(`slot ${slot}`);
  if (serial !== null && serial !== name) more.push(`serial ${serial}`);
  const known = kind === "part" || name.startsWith(`${kind} `) ? name : `${kind} ${name}`;
  return more.length === 0 ? known : `${known} (${more.join(", ")})`;
}
