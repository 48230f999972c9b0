import type { Finding, ProbeReport, ProtocolOutcome } from "#fleet/bmc/probe-report.ts";
import { drawFacts } from "./output.ts";
import { paint, type Tone } from "./paint.ts";
import type { Terminal } from "./terminal.ts";
import { isoTime, notSeen, safeText, watts } from "./words.ts";

const sensorsShownMax = 40;
const notesShownMax = 30;

/** Four questions, answered in order: what it is, can, reports, and gets wrong. */
export function printReport(terminal: Terminal, report: ProbeReport): void {
  const write = (text: string): void => terminal.stdout.write(text);
  const head = (text: string): void => write(`\n${text}\n`);
  write(drawFacts(whatItIs(report)));
  head("CAN");
  write(drawFacts(whatItCan(report)));
  head("REPORTS");
  write(drawFacts(whatItReports(report)));
  const rows = sensorRows(report);
  if (rows.length > 0) {
    head("SENSORS");
    write(drawFacts(rows.slice(0, sensorsShownMax)));
    if (rows.length > sensorsShownMax)
      write(`… and ${rows.length - sensorsShownMax} more; -o json has all\n`);
  }
  head("GETS WRONG");
  if (report.wrong.length === 0) write("nothing that was found\n");
  const ordered = [...report.wrong].sort((one, other) => rankOf(one) - rankOf(other));
  for (const finding of ordered.slice(0, notesShownMax)) write(drawFinding(terminal, finding));
  if (ordered.length > notesShownMax)
    write(`… and ${ordered.length - notesShownMax} more; -o json has all\n`);
}

type Lines = readonly (readonly [string, string])[];

function whatItIs({ is, protocols }: ProbeReport): Lines {
  return [
    ["maker", is.maker ?? notSeen],
    ["model", is.model ?? notSeen],
    ["serial", is.serial ?? notSeen],
    ["controller", is.controller ?? notSeen],
    ["firmware", is.firmware ?? notSeen],
    ["BIOS", is.bios ?? notSeen],
    ["IPMI", outcomeText(protocols.ipmi)],
    ["Redfish", outcomeText(protocols.redfish)],
    ...(is.certificate === null
      ? []
      : ([
          [
            "certificate",
            `${is.certificate.isTrusted ? "trusted" : "signed by nobody known; accepted for this look only"}, valid to ${is.certificate.validTo}`,
          ],
          ["fingerprint", `SHA-256 ${is.certificate.sha256}`],
        ] as const)),
  ];
}

function whatItCan({ can }: ProbeReport): Lines {
  const list = (values: readonly (string | number)[] | null): string =>
    values === null || values.length === 0 ? notSeen : values.join(", ");
  const yes = (value: boolean | null): string => (value === null ? notSeen : value ? "yes" : "no");
  return [
    ["IPMI", can.ipmiVersion ?? notSeen],
    ["Redfish", can.redfishVersion ?? notSeen],
    [
      "cipher suites",
      list(can.suites) + (can.suiteUsed === null ? "" : ` (used: ${can.suiteUsed})`),
    ],
    ["power metering", list(can.powerSources)],
    ["DCMI power", yes(can.hasDcmiPower)],
    ["boot override", list(can.bootTargets)],
    ["reset types", list(can.resetTypes)],
    ["virtual media", yes(can.hasVirtualMedia)],
  ];
}

function whatItReports({ reports, ipmi }: ProbeReport): Lines {
  const failed = reports.failedParts.length === 0 ? "none" : reports.failedParts.join("; ");
  return [
    ["power", reports.isOn === null ? notSeen : reports.isOn ? "on" : "off"],
    [
      "draws",
      reports.watts === null
        ? `${notSeen}${reports.wattsReason === null ? "" : ` (${reports.wattsReason})`}`
        : `${watts(reports.watts)} (${reports.wattsFrom})`,
    ],
    ["sensors", `${reports.sensors}, ${reports.sensorsWithValue} of them with a reading`],
    ["supplies", reports.supplies.length === 0 ? notSeen : reports.supplies.join("; ")],
    ["failed parts", ipmi === null ? notSeen : failed],
    ["restart cause", reports.restartCause ?? notSeen],
    [
      "event log",
      reports.logEntries === null
        ? notSeen
        : `${reports.logEntries} entries${reports.lastLogMs === null ? "" : `, the last at ${isoTime(reports.lastLogMs)}`}`,
    ],
  ];
}

function sensorRows({ ipmi, redfish }: ProbeReport): Lines {
  const own = (ipmi?.sensors ?? []).map(
    ({ name, value, unit, states, stateNames, absence }) =>
      [
        name,
        value !== null
          ? `${value} ${unit ?? ""}`
          : states !== null
            ? stateNames.length > 0
              ? stateNames.join(", ")
              : `states 0x${states.toString(16)}`
            : `${notSeen} (${absence})`,
      ] as const,
  );
  if (own.length > 0) return own;
  return [
    ...(redfish?.temperatures ?? []).map(
      ({ name, celsius, margin, state }) =>
        [
          name,
          celsius !== null
            ? `${celsius} °C`
            : margin !== null
              ? `margin ${margin}`
              : `${notSeen} (${state ?? "no reading"})`,
        ] as const,
    ),
    ...(redfish?.fans ?? []).map(
      ({ name, rpm, percent, state }) =>
        [
          name,
          rpm !== null
            ? `${rpm} rpm`
            : percent !== null
              ? `${percent} %`
              : `${notSeen} (${state ?? "no reading"})`,
        ] as const,
    ),
  ];
}

function drawFinding(terminal: Terminal, { severity, what, advice }: Finding): string {
  const word = paint(terminal, tones[severity], severity.padEnd(6));
  const hint = advice === null ? "" : `\n        ${safeText(advice)}`;
  return `${word}  ${safeText(what)}${hint}\n`;
}

function outcomeText(outcome: ProtocolOutcome): string {
  return outcome.outcome === "not-asked" ? "not asked" : `${outcome.outcome}: ${outcome.detail}`;
}

function rankOf({ severity }: Finding): number {
  return severity === "danger" ? 0 : severity === "wrong" ? 1 : 2;
}

const tones: Readonly<Record<Finding["severity"], Tone>> = {
  danger: "bad",
  wrong: "warn",
  note: "plain",
};
