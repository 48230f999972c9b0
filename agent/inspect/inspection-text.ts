import type { Absence, Component, Identity } from "#proto/messages/state.ts";
import { absenceReasons } from "#proto/vocabulary/absence.ts";
import type { Inspection } from "./inspect-host.ts";
import type { InspectedSeries } from "./inspection-sink.ts";

/** The inspection for a person: what it is, what it measures, and what is missing and why. */
export function formatInspection(inspection: Inspection): string {
  const { identity, series, absences, failures, powerSource } = inspection;
  return [
    ...identityLines(identity),
    "",
    `power of the host from: ${powerSource ?? "nothing on this host"}`,
    "",
    "Readings",
    ...series.map(seriesLine),
    "",
    "Missing, and why",
    ...(absences.length === 0 ? ["  nothing"] : absences.map(absenceLine)),
    ...failures.map(({ subject, detail }) => `  ${subject} failed: ${detail}`),
    "",
  ].join("\n");
}

function identityLines(identity: Identity): readonly string[] {
  const { processor } = identity;
  const facts: readonly (readonly [string, string | null])[] = [
    ["host", identity.hostname],
    ["machine", joined(identity.manufacturer, identity.product)],
    ["serial", identity.serial],
    ["board", joined(identity.boardManufacturer, identity.boardProduct, identity.boardSerial)],
    ["firmware", joined(identity.firmwareVendor, identity.firmwareVersion, identity.firmwareDate)],
    ["virtualization", identity.virtualization],
    [
      "processor",
      processor &&
        `${processor.model}, ${processor.sockets} socket(s), ${processor.cores} cores, ${processor.threads} threads`,
    ],
    ["memory", identity.memoryBytes === null ? null : formatQuantity(identity.memoryBytes, "By")],
    ["NUMA nodes", identity.numaNodes === null ? null : String(identity.numaNodes)],
    ["system", joined(identity.os, identity.kernel, identity.architecture)],
  ];
  return [
    ...facts.map(([name, value]) => `${name.padEnd(15)} ${value ?? "not known"}`),
    ...identity.components.map(componentLine),
  ];
}

function componentLine(component: Component): string {
  const { kind, slot, vendor, model, serial, sizeBytes } = component;
  const size = sizeBytes === null ? null : formatQuantity(sizeBytes, "By");
  const text = joined(slot, vendor, model, size, component.interface, serial, component.address);
  return `${kind.padEnd(15)} ${text}`;
}

function seriesLine({ metric, attributes, value, unit }: InspectedSeries): string {
  const name = [metric, ...Object.values(attributes)].join(" ");
  return `  ${name.padEnd(70)} ${value === null ? "not seen" : formatQuantity(value, unit)}`;
}

function absenceLine({ what, attributes, reason, detail }: Absence): string {
  const name = [what, ...attributes.map(({ value }) => value)].join(" ");
  return `  ${name}: ${reason} (${absenceReasons[reason]}); ${detail}`;
}

/** Four digits and a prefix that a person can read. Bytes in powers of 1024, as memory is sold. */
export function formatQuantity(value: number, unit: string): string {
  if (unit === "1") return String(Number(value.toFixed(4)));
  const isBytes = unit.startsWith("By");
  const step = isBytes ? 1024 : 1000;
  let scaled = value;
  let prefix = 0;
  while (Math.abs(scaled) >= step && prefix < prefixes.length - 1 && isBytes) {
    scaled /= step;
    prefix += 1;
  }
  const word = isBytes ? `${prefixes[prefix]}${unit.replace("By", "B")}` : unit;
  return `${Number(scaled.toPrecision(4))} ${word}`;
}

function joined(...parts: readonly (string | null)[]): string | null {
  const known = parts.filter((part) => part !== null && part !== "");
  return known.length === 0 ? null : known.join(" · ");
}

const prefixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi"] as const;
