import type { BootEvidence, Component, Identity } from "#proto/messages/state.ts";
import { missingLines, rightsLines } from "./inspection-absences.ts";
import type { Inspection } from "./inspect-host.ts";
import { formatUnixTime } from "#agent/hardware/unix-time.ts";
import { readingLines } from "./inspection-readings.ts";
import { formatQuantity } from "./quantity.ts";
import { wrapped } from "./wrapped-lines.ts";

/** The inspection for a person, 80 columns wide: what is lost, what it is, what it measures, what is missing. */
export function formatInspection(inspection: Inspection): string {
  const { identity, series, absences, failures, powerSource, boot, uid } = inspection;
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ["", rightsLines(absences, uid)],
    ["Machine", identityLines(identity)],
    ["Parts", identity.components.flatMap(componentLines)],
    ["Last start", boot === null ? [] : bootLines(boot)],
    [
      "Readings",
      [`power of the host from: ${powerSource ?? "nothing on this host"}`, ...readingLines(series)],
    ],
    ["Missing, and why", missingLines(absences)],
    [
      "Broken",
      failures.flatMap(({ subject, detail }) => wrapped(`${subject} failed: ${detail}`, "")),
    ],
  ];
  return sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) =>
      [...(title === "" ? [] : [title.toUpperCase()]), ...lines, ""].join("\n"),
    )
    .join("\n");
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
  return facts.flatMap(([name, value]) =>
    wrapped(`${name.padEnd(15)} ${value ?? "not known"}`, " ".repeat(16)),
  );
}

function componentLines(component: Component): readonly string[] {
  const { kind, slot, vendor, model, serial, firmware, sizeBytes, neighbor } = component;
  const size = sizeBytes === null ? null : formatQuantity(sizeBytes, "By");
  const text = joined(
    slot,
    vendor,
    model,
    size,
    component.interface,
    serial,
    firmware,
    component.address,
    neighbor === null ? null : `at ${neighbor}`,
  );
  return wrapped(`${kind.padEnd(15)} ${text ?? "nothing known of it"}`, " ".repeat(16));
}

/** Evidence alone: the manager judges, with what it knows beside. */
function bootLines(boot: BootEvidence): readonly string[] {
  const { watchdogStatus, agentStopped, agentLastMs, shutdown } = boot;
  const stopped =
    agentStopped === null ? null : agentStopped ? "was told to stop" : "was not told to stop";
  const facts: readonly (readonly [string, string | null])[] = [
    ["started", timeOf(boot.bootedMs)],
    ["left by", shutdown],
    ["watchdog", watchdogStatus === null ? null : `0x${watchdogStatus.toString(16)}`],
    [
      "agent before",
      joined(stopped, agentLastMs === null ? null : `last seen ${timeOf(agentLastMs)}`),
    ],
    ...boot.pstore.map((line) => ["kernel said", line] as const),
    ...boot.sel.map(
      ({ atMs, sensor, event }) =>
        [
          "BMC logged",
          joined(atMs === null ? "at no known time" : timeOf(atMs), sensor, event),
        ] as const,
    ),
  ];
  return facts.flatMap(([name, value]) =>
    wrapped(`${name.padEnd(15)} ${value ?? "not known"}`, " ".repeat(16)),
  );
}

function timeOf(unixMs: number): string {
  return formatUnixTime(unixMs).replace(/\.\d+Z$/, "Z");
}

function joined(...parts: readonly (string | null)[]): string | null {
  const known = parts.filter((part) => part !== null && part !== "");
  return known.length === 0 ? null : known.join(" · ");
}
