import type { LanSettings } from "./ipmi/commands/lan-settings.ts";
import type { IpmiFacts } from "./ipmi/read-controller.ts";
import { knownBadFirmware } from "./known-firmware.ts";
import type { Finding } from "./probe-report.ts";
import type { RedfishFacts } from "./redfish/redfish-facts.ts";

const clockOffMsMax = 5 * 60_000;
const wattsApartMin = 20;
const wattsApartShare = 0.25;
const celsiusApartMax = 10;
const logFreeBytesMin = 512;
const listedMax = 6;

/** Everything that is not to be believed, or open. Pure: facts in, findings out. */
export function findWrongs(
  ipmi: IpmiFacts | null,
  redfish: RedfishFacts | null,
  probedAtMs: number,
): readonly Finding[] {
  return [
    ...(ipmi === null ? [] : doors(ipmi.lan)),
    ...knownBadFirmware(ipmi, redfish),
    ...(ipmi === null || redfish === null ? [] : contradictions(ipmi, redfish)),
    ...(ipmi === null ? [] : powerReadings(ipmi)),
    ...(ipmi === null ? [] : sensorReadings(ipmi)),
    ...(ipmi === null ? [] : eventLog(ipmi)),
    ...clocks(ipmi, redfish, probedAtMs),
    ...(ipmi?.troubles ?? []).map((what) => finding("wrong", what)),
    ...(ipmi?.frus ?? []).flatMap(({ name, troubles }) =>
      troubles.map((trouble) => finding("note", `FRU ${name}: ${trouble}`)),
    ),
    ...(redfish?.oddities ?? []).map(({ path, kind, detail }) =>
      finding(
        kind === "contradiction" || kind === "implausible" ? "wrong" : "note",
        `${path}: ${detail}`,
      ),
    ),
  ];
}

function doors(lan: LanSettings): readonly Finding[] {
  const found: Finding[] = [];
  const rights = lan.suiteRights?.[0];
  if (lan.suites?.includes(0) === true && rights !== 0)
    found.push(
      finding(
        "danger",
        `cipher suite 0 is switched on${rights === undefined ? "" : ` with rights up to ${rightsName(rights)}`}: whoever knows a user's name needs no password`,
        "switch it off: ipmitool lan set 1 cipher_privs XaaaXXXXXXXXXXX (CVE-2013-4782)",
      ),
    );
  if (lan.anonymousLogin === "anonymous" || lan.anonymousLogin === "null-user")
    found.push(
      finding(
        "danger",
        lan.anonymousLogin === "anonymous"
          ? "anonymous login is switched on: no user name is needed"
          : "a user without a name may log in",
        "give user 1 a password or switch it off",
      ),
    );
  if (lan.suites !== null && !lan.suites.includes(17))
    found.push(
      finding(
        "note",
        "it does not list cipher suite 17: passwords are only protected by SHA-1",
        "keep its network apart; use a long random password",
      ),
    );
  return found;
}

function contradictions(ipmi: IpmiFacts, redfish: RedfishFacts): readonly Finding[] {
  const found: Finding[] = [];
  const system = redfish.systems[0];
  const isOn = ipmi.chassis?.isOn;
  if (system?.powerState != null && isOn !== undefined && isOn !== (system.powerState === "On"))
    found.push(
      finding(
        "wrong",
        `IPMI says that it is ${isOn ? "on" : "off"}, Redfish says ${system.powerState}`,
        "believe neither: look at its watts and its network link",
      ),
    );
  const serials = ipmi.frus.flatMap(({ fruId, fields }) =>
    fruId === 0 ? [fields["product.serial"], fields["chassis.serial"]] : [],
  );
  const known = serials.filter((serial) => serial !== undefined);
  if (system?.serial != null && known.length > 0 && !known.includes(system.serial))
    found.push(
      finding("wrong", `IPMI's serials (${known.join(", ")}) are not Redfish's ${system.serial}`),
    );
  const dcmi = "power" in ipmi.dcmi && ipmi.dcmi.power.isActive ? ipmi.dcmi.power : null;
  const watts = redfish.power.totalWatts;
  if (dcmi !== null && watts !== null) {
    const apart = Math.abs(dcmi.currentWatts - watts);
    if (apart > Math.max(wattsApartMin, wattsApartShare * Math.max(watts, dcmi.currentWatts)))
      found.push(
        finding("wrong", `DCMI says ${dcmi.currentWatts} W, Redfish ${Math.round(watts)} W`),
      );
  }
  found.push(...differingTemperatures(ipmi, redfish));
  const manager = redfish.managers.find(({ firmware }) => firmware !== null);
  const [ipmiFirmware, redfishFirmware] = [ipmi.device?.firmware, manager?.firmware];
  if (ipmiFirmware !== undefined && redfishFirmware != null) {
    const [one, other] = [firstVersion(ipmiFirmware), firstVersion(redfishFirmware)];
    if (one !== null && other !== null && one !== other)
      found.push(
        finding("note", `firmware is ${ipmiFirmware} by IPMI, ${redfishFirmware} by Redfish`),
      );
  }
  return found;
}

function differingTemperatures(ipmi: IpmiFacts, redfish: RedfishFacts): readonly Finding[] {
  return redfish.temperatures.flatMap(({ name, celsius }) => {
    const twins = ipmi.sensors.filter((one) => one.name === name && one.unit === "celsius");
    const other = twins.length === 1 ? twins[0]?.value : null;
    if (celsius === null || other == null || Math.abs(celsius - other) <= celsiusApartMax)
      return [];
    return [finding("wrong", `${name} is ${other} °C by IPMI, ${celsius} °C by Redfish`)];
  });
}

function powerReadings({ dcmi, chassis }: IpmiFacts): readonly Finding[] {
  if (!("power" in dcmi)) return [];
  const { currentWatts, minWatts, maxWatts, isActive } = dcmi.power;
  if (!isActive)
    return [finding("wrong", `DCMI gives ${currentWatts} W although measuring is switched off`)];
  if (currentWatts === 0 && chassis?.isOn !== false)
    return [finding("wrong", "DCMI says 0 W while the server is on")];
  if (currentWatts < minWatts || currentWatts > maxWatts)
    return [
      finding("note", `DCMI's ${currentWatts} W is not between its ${minWatts} and ${maxWatts} W`),
    ];
  return [];
}

function sensorReadings({ sensors }: IpmiFacts): readonly Finding[] {
  const found: Finding[] = [];
  const bare = sensors.filter(
    ({ isThreshold, value, limits, type }) =>
      isThreshold &&
      value !== null &&
      ["temperature", "fan", "voltage"].includes(type) &&
      Object.keys(limits).length === 0,
  );
  if (bare.length > 0)
    found.push(
      finding(
        "note",
        `${bare.length} sensors have no limits: ${names(bare.map(({ name }) => name))}`,
      ),
    );
  for (const { name, value, unit } of sensors) {
    const range = ranges[unit ?? ""];
    const isMargin = /margin|mrgn|dts|thrm/i.test(name);
    if (value === null || range === undefined || isMargin) continue;
    if (value < range[0] || value > range[1])
      found.push(finding("wrong", `${name} says ${value} ${unit}: that cannot be`));
  }
  const silent = sensors.filter(({ absence }) => absence?.startsWith("completion code") === true);
  if (silent.length > 0)
    found.push(
      finding(
        "note",
        `${silent.length} sensors answer with an error: ${names(silent.map(({ name }) => name))}`,
      ),
    );
  return found;
}

function eventLog({ log }: IpmiFacts): readonly Finding[] {
  if (log === null) return [];
  const advice = "copy it, then clear it: what comes now may be lost";
  if (log.hasOverflowed || log.freeBytes === 0)
    return [finding("wrong", `the event log is full (${log.entries} entries)`, advice)];
  return log.freeBytes < logFreeBytesMin
    ? [finding("note", `the event log is nearly full (${log.freeBytes} bytes free)`, advice)]
    : [];
}

function clocks(
  ipmi: IpmiFacts | null,
  redfish: RedfishFacts | null,
  probedAtMs: number,
): readonly Finding[] {
  const seen: readonly (readonly [string, number | null])[] = [
    ["the event log's clock", ipmi?.log?.clockMs ?? null],
    ...(redfish?.managers ?? []).map(
      ({ id, clockMs }) => [`the clock of manager ${id}`, clockMs] as const,
    ),
  ];
  return seen.flatMap(([whose, clockMs]) => {
    if (clockMs === null || Math.abs(clockMs - probedAtMs) <= clockOffMsMax) return [];
    const minutes = Math.round((clockMs - probedAtMs) / 60_000);
    const how = `${Math.abs(minutes)} min ${minutes < 0 ? "behind" : "ahead"}`;
    return [finding("wrong", `${whose} is ${how}`, "set NTP servers on the controller")];
  });
}

function finding(severity: Finding["severity"], what: string, advice?: string): Finding {
  return { severity, what, advice: advice ?? null };
}

function names(list: readonly string[]): string {
  const more = list.length - listedMax;
  return list.slice(0, listedMax).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** `iLO 5 v2.46` → `2.46`, `4.0` and `4.00` → `4.0`. */
function firstVersion(text: string): string | null {
  const match = /(\d{1,6})\.(\d{1,6})/.exec(text);
  return match === null ? null : `${Number(match[1])}.${Number(match[2])}`;
}

function rightsName(rights: number): string {
  return ["nothing", "callback", "user", "operator", "administrator"][rights] ?? `${rights}`;
}

const ranges: Readonly<Record<string, readonly [min: number, max: number]>> = {
  celsius: [-40, 150],
  rpm: [0, 60_000],
  volts: [-60, 600],
  watts: [0, 100_000],
};
