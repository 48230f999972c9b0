import { findWrongs } from "./find-wrongs.ts";
import { badStates } from "./ipmi/commands/sensor-words.ts";
import type { IpmiFacts } from "./ipmi/read-controller.ts";
import type {
  ProbeAbilities,
  ProbeIdentity,
  ProbeReadings,
  ProbeReport,
  ProtocolOutcome,
} from "./probe-report.ts";
import type { SeenCertificate } from "./redfish/redfish-door.ts";
import type { RedfishFacts } from "./redfish/redfish-facts.ts";

export interface ProbeEvidence {
  readonly probedAtMs: number;
  readonly ipmi: IpmiFacts | null;
  readonly redfish: RedfishFacts | null;
  readonly suiteUsed: number | null;
  readonly certificate: SeenCertificate | null;
  readonly ipmiOutcome: ProtocolOutcome;
  readonly redfishOutcome: ProtocolOutcome;
}

/** The report from the evidence; the same from a live controller and from a recording. */
export function makeReport(evidence: ProbeEvidence): ProbeReport {
  const { probedAtMs, ipmi, redfish } = evidence;
  return {
    probedAtMs,
    protocols: { ipmi: evidence.ipmiOutcome, redfish: evidence.redfishOutcome },
    is: identityOf(evidence),
    can: abilitiesOf(evidence),
    reports: readingsOf(ipmi, redfish),
    wrong: findWrongs(ipmi, redfish, probedAtMs),
    ipmi,
    redfish,
  };
}

function identityOf({ ipmi, redfish, certificate }: ProbeEvidence): ProbeIdentity {
  const system = redfish?.systems[0];
  const manager = redfish?.managers.find(({ type }) => type === "BMC") ?? redfish?.managers[0];
  const fru = ipmi?.frus.find(({ fruId }) => fruId === 0)?.fields ?? {};
  const device = ipmi?.device ?? null;
  return {
    maker:
      system?.manufacturer ??
      fru["product.manufacturer"] ??
      redfish?.service.vendor ??
      device?.makerName ??
      null,
    model: system?.model ?? fru["product.product"] ?? fru["board.product"] ?? null,
    serial: system?.serial ?? fru["product.serial"] ?? null,
    controller: manager?.model ?? redfish?.service.product ?? device?.makerName ?? null,
    firmware: manager?.firmware ?? device?.firmware ?? null,
    bios: system?.biosVersion ?? null,
    certificate,
  };
}

function abilitiesOf({ ipmi, redfish, suiteUsed }: ProbeEvidence): ProbeAbilities {
  const system = redfish?.systems[0];
  const dcmi = ipmi === null ? null : "power" in ipmi.dcmi;
  return {
    ipmiVersion: ipmi?.device?.ipmiVersion ?? null,
    redfishVersion: redfish?.service.version ?? null,
    suiteUsed,
    suites: ipmi?.lan.suites ?? null,
    hasDcmiPower: dcmi,
    bootTargets: system?.boot.targets ?? [],
    resetTypes: system?.reset.types ?? [],
    hasVirtualMedia:
      redfish === null ? null : redfish.managers.some(({ hasVirtualMedia }) => hasVirtualMedia),
    powerSources: [
      ...(dcmi === true ? ["dcmi"] : []),
      ...new Set(
        (redfish?.power.candidates ?? []).flatMap(({ source, notBelieved }) =>
          notBelieved === null ? [`redfish ${source}`] : [],
        ),
      ),
    ],
  };
}

function readingsOf(ipmi: IpmiFacts | null, redfish: RedfishFacts | null): ProbeReadings {
  const dcmi = ipmi !== null && "power" in ipmi.dcmi ? ipmi.dcmi.power : null;
  const dcmiWatts = dcmi?.isActive === true && dcmi.currentWatts > 0 ? dcmi.currentWatts : null;
  const total = redfish?.power.totalWatts ?? null;
  const state = redfish?.systems[0]?.powerState ?? null;
  const sensors = ipmi?.sensors ?? [];
  return {
    isOn: ipmi?.chassis?.isOn ?? (state === null ? null : state === "On"),
    watts: total ?? dcmiWatts,
    wattsFrom:
      total !== null ? `redfish ${redfish?.power.source}` : dcmiWatts !== null ? "dcmi" : null,
    wattsReason: (total ?? dcmiWatts) ? null : (redfish?.power.reason ?? absenceOf(ipmi)),
    sensors:
      sensors.length > 0
        ? sensors.length
        : (redfish?.temperatures.length ?? 0) + (redfish?.fans.length ?? 0),
    sensorsWithValue:
      sensors.length > 0
        ? sensors.filter(({ value, states }) => value !== null || states !== null).length
        : (redfish?.temperatures.filter(({ celsius, margin }) => celsius ?? margin).length ?? 0) +
          (redfish?.fans.filter(({ rpm, percent }) => (rpm ?? percent) !== null).length ?? 0),
    failedParts: sensors.flatMap(({ name, stateNames }) => {
      const bad = stateNames.filter((state) => badStates.has(state));
      return bad.length === 0 ? [] : [`${name}: ${bad.join(", ")}`];
    }),
    supplies: (redfish?.supplies ?? []).map(
      ({ name, isPresent, health, inputWatts }, index) =>
        `${name ?? `supply ${index + 1}`}: ${isPresent === null ? "not told" : isPresent ? (health ?? "there") : "absent"}${inputWatts === null ? "" : `, ${inputWatts} W`}`,
    ),
    logEntries: ipmi?.log?.entries ?? null,
    lastLogMs: ipmi?.log?.last[0]?.atMs ?? null,
    restartCause: ipmi?.restartCause ?? null,
  };
}

function absenceOf(ipmi: IpmiFacts | null): string | null {
  if (ipmi === null) return null;
  if ("absence" in ipmi.dcmi) return `DCMI power: ${ipmi.dcmi.absence}`;
  return ipmi.dcmi.power.isActive ? "DCMI says 0 W" : "DCMI's measuring is switched off";
}
