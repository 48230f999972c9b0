import { rootMend, type ToolProblem } from "#agent/hardware/hardware-source.ts";
import type { Absence } from "#proto/messages/state.ts";
import type { AbsenceReason } from "#proto/vocabulary/absence.ts";
import { absent, absentByTool } from "./absences.ts";
import type { SmartFacts } from "./smart-facts.ts";
import type { DriveWay } from "./smart-ways.ts";
import { smartWhat } from "./smart-ways.ts";
import type { SmartUnreadable } from "./smartctl.ts";

/** Who is spoken of: hw.id where it is known. */
export type DriveName = Readonly<Record<string, string>>;

export function nameOfWay(way: DriveWay, id: string | null): DriveName {
  return { ...(id === null ? {} : { "hw.id": id }), "hw.name": way.label };
}

export function absentDrive(way: DriveWay, id: string | null, problem: ToolProblem): Absence {
  const debianPackage = way.tool === "nvme" ? "nvme-cli" : "smartmontools";
  const { what, reason, detail } = absentByTool(smartWhat, problem, debianPackage);
  const attributes = nameOfWay(way, id);
  return absent({ what, attributes, reason, detail: `${way.label}: ${detail}` });
}

export function unreadableDrive(
  way: DriveWay,
  id: string | null,
  { detail }: SmartUnreadable,
): Absence {
  const mend = way.tool === "smartctl" ? "; apt install smartmontools (7.3 or newer)" : "";
  return absent({
    what: smartWhat,
    attributes: nameOfWay(way, id),
    reason: "unreadable-text",
    detail: `${way.label}: ${detail}${mend}`,
  });
}

/** Why a drive that answered gave nothing; null: it did. */
export function silentDrive(way: DriveWay, id: string | null, facts: SmartFacts): Absence | null {
  const because = (reason: AbsenceReason, detail: string): Absence =>
    absent({
      what: smartWhat,
      attributes: nameOfWay(way, id),
      reason,
      detail: `${way.label}: ${detail}`,
    });
  if (facts.standby)
    return because("switched-off", "it is in standby, and is not woken for being asked");
  const said = facts.messages.map(({ text }) => text).join(" ");
  if (facts.exit.noData) {
    if (/permission denied|operation not permitted/i.test(said))
      return because("permission-denied", rootMend);
    if (/please try|unknown usb bridge|not supported/i.test(said))
      return because("not-supported", said);
    return because("tool-failed", said === "" ? "smartctl ended with no word" : said);
  }
  if (facts.smartSupport?.available === false)
    return because("not-supported", "the drive says that it has no SMART");
  if (facts.smartSupport?.enabled === false && facts.passed === null)
    return because("switched-off", `SMART is switched off; smartctl -s on ${way.device}`);
  if (tellsNothing(facts))
    return because("not-supported", said || "smartctl shows no health of it");
  return null;
}

/** What a drive that speaks leaves out, of that which nearly every drive says. */
export function missingReadings(way: DriveWay, id: string, facts: SmartFacts): readonly Absence[] {
  const attributes = nameOfWay(way, id);
  const isFlash = facts.rotationRpm === 0 || facts.device.protocol === "NVMe";
  const missing: readonly (readonly [string, boolean, string])[] = [
    [smartWhat, facts.passed === null, "no verdict of its own"],
    ["hw.temperature", facts.temperatureCelsius === null, "no temperature"],
    ["wws.disk.power_on_time", facts.powerOnHours === null, "no hours"],
    [
      "hw.physical_disk.endurance_utilization",
      isFlash && facts.percentageUsed === null,
      "no wear whose meaning is known for this model",
    ],
  ];
  const left = missing.flatMap(([what, isMissing, text]) =>
    isMissing && !facts.implausible.some((odd) => metricOf(odd.what) === what)
      ? [
          absent({
            what,
            attributes,
            reason: "not-supported",
            detail: `${way.label}: ${way.tool} shows ${text}`,
          }),
        ]
      : [],
  );
  const odd = facts.implausible.map(({ what, text }) =>
    absent({
      what: metricOf(what),
      attributes,
      reason: "implausible",
      detail: `${way.label}: ${what} says ${text}`,
    }),
  );
  return [...left, ...odd];
}

/** A drive that was seen by this agent and is not there any more. */
export function goneDrive(id: string, name: string): Absence {
  return absent({
    what: smartWhat,
    attributes: { "hw.id": id, "hw.name": name },
    reason: "no-such-hardware",
    detail: `${name} (${id}) was here and no way leads to it now`,
  });
}

function tellsNothing(facts: SmartFacts): boolean {
  return (
    facts.passed === null &&
    facts.temperatureCelsius === null &&
    facts.powerOnHours === null &&
    facts.criticalWarning === null &&
    facts.grownDefects === null
  );
}

function metricOf(what: string): string {
  if (/temp/i.test(what)) return "hw.temperature";
  if (/hours|power on|power_on|attribute 9/i.test(what)) return "wws.disk.power_on_time";
  if (/used/i.test(what)) return "hw.physical_disk.endurance_utilization";
  if (/spare/i.test(what)) return "wws.disk.spare";
  if (/warning/i.test(what)) return "wws.disk.critical_warning";
  return "hw.errors";
}
