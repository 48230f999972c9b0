import {
  type ChassisStatus,
  type DeviceId,
  readChassisStatus,
  readDeviceId,
  readRestartCause,
} from "./commands/controller.ts";
import { type DcmiAnswer, readDcmiPower } from "./commands/dcmi-power.ts";
import { type EventLog, readEventLog } from "./commands/event-log.ts";
import { type Fru, readFru } from "./commands/fru.ts";
import { type LanSettings, readLanSettings } from "./commands/lan-settings.ts";
import { readRepository } from "./commands/read-repository.ts";
import { type IpmiSensor, readSensors } from "./commands/read-sensors.ts";
import type { SensorRecord } from "./commands/sensor-records.ts";
import type { IpmiAsk } from "./ipmi-session.ts";
import { bmcAddress } from "./lan-message.ts";

const frusMax = 32;

/** Everything that IPMI tells of one server without changing anything. */
export interface IpmiFacts {
  readonly device: DeviceId | null;
  readonly chassis: ChassisStatus | null;
  readonly restartCause: string | null;
  readonly sensors: readonly IpmiSensor[];
  /** Records by kind. */
  readonly records: Readonly<Record<string, number>>;
  readonly frus: readonly Fru[];
  readonly log: EventLog | null;
  readonly dcmi: DcmiAnswer;
  readonly lan: LanSettings;
  /** What was wrong with the answers. */
  readonly troubles: readonly string[];
}

/** Asks one command after the other, in a fixed order. Throws only what the session throws. */
export async function readController(
  ask: IpmiAsk,
  progress: (what: string) => void,
): Promise<IpmiFacts> {
  progress("controller and chassis");
  const device = await readDeviceId(ask);
  const chassis = await readChassisStatus(ask);
  const restartCause = await readRestartCause(ask);
  const lan = await readLanSettings(ask);
  const dcmi = await readDcmiPower(ask);
  progress("sensor records");
  const { records, troubles } = await readRepository(ask);
  progress(`${records.length} sensor records`);
  const sensors = await readSensors(ask, records);
  progress("inventory");
  const frus = await readFrus(ask, records);
  progress("event log");
  const log = await readEventLog(ask);
  const counts: Record<string, number> = {};
  for (const { kind } of records) counts[kind] = (counts[kind] ?? 0) + 1;
  return {
    device,
    chassis,
    restartCause,
    sensors,
    records: counts,
    frus,
    log,
    dcmi,
    lan,
    troubles: troubles.map((trouble) => `sensor records: ${trouble}`),
  };
}

/** The controller's own store, and those that its records name. */
async function readFrus(ask: IpmiAsk, records: readonly SensorRecord[]): Promise<readonly Fru[]> {
  const wanted = new Map<number, string>([[0, "built-in"]]);
  for (const record of records)
    if (
      record.kind === "fru" &&
      record.isLogical &&
      record.deviceAddress === bmcAddress &&
      wanted.size < frusMax
    )
      wanted.set(record.fruId, record.name);
  const frus: Fru[] = [];
  for (const [fruId, name] of wanted) frus.push(await readFru(ask, fruId, name));
  return frus;
}
