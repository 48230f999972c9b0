import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import type { Absence, Component } from "#proto/messages/state.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import { problemOf } from "./absences.ts";
import type { Collector, Discovery, SampleSink } from "./collector.ts";
import { goneDrive, missingReadings, silentDrive } from "./smart-absences.ts";
import { askDrive, type DriveAnswer } from "./smart-ask.ts";
import { controllerComponent, driveComponent, findController } from "./smart-components.ts";
import { type Drive, DriveBook } from "./smart-drives.ts";
import { WaySchedule } from "./smart-schedule.ts";
import { setDriveSeries } from "./smart-series.ts";
import { type DriveWay, findDriveWays, nextBehind } from "./smart-ways.ts";
import { unlookedParts } from "./unlooked-parts.ts";

export interface SmartCollectorParts {
  readonly source: HardwareSource;
  readonly sink: SampleSink;
  readonly clock: Pick<Clock, "nowMonotonicMs">;
  readonly random: Pick<Random, "next">;
  /** How often each drive is asked; default ten minutes. */
  readonly cadenceMs?: number;
  /** How many drives are asked at one look, one after the other; default: as few as the cadence allows. */
  readonly drivesPerLook?: number;
}

export interface SmartCollector extends Collector {
  /**
   * Whether it tells of the drive with this serial, or may yet: until every drive was asked once.
   * For who sees the same drives by another tool (RaidCollectorParts.isTold).
   */
  tellsOf(serial: string): boolean;
}

/** How often the collector looks whether a drive is due. */
export const smartLookMs = 5_000;
export const smartCadenceMs = 600_000;

/**
 * Health of the drives, by smartctl (or nvme where that is missing): one drive at a time, each every
 * ten minutes, the first soon after start. A drive in standby is left asleep. A smartctl that hangs
 * costs its drive alone, which is then asked less and less often. Several ways to one drive are one
 * drive; one way is asked, the others now and then, and at once when the first one fails.
 *
 * What `discover` answers is a live view: parts and absences grow as drives answer.
 */
export function createSmartCollector(parts: SmartCollectorParts): SmartCollector {
  const { source, sink, clock, random } = parts;
  const cadenceMs = parts.cadenceMs ?? smartCadenceMs;
  const ways = new Map<string, DriveWay>();
  const book = new DriveBook();
  const schedule = new WaySchedule(cadenceMs, random);
  const controllers = new Map<string, string | null>();
  /** By way: troubles make the outcome partial, notes do not. */
  const troubles = new Map<string, Absence>();
  const notes = new Map<string, readonly Absence[]>();
  let scanAbsences: readonly Absence[] = [];
  let isScanPartial = true;
  let found: readonly Component[] = [];
  let lastSaid = "";
  let revision = 0;

  const controllerOf = (drive: Drive): string | null => {
    const known = controllers.get(drive.id);
    if (known !== undefined) return known;
    const found = findController(source, drive);
    controllers.set(drive.id, found);
    return found;
  };

  const forget = (key: string): void => {
    ways.delete(key);
    book.forgetWay(key);
    schedule.forget(key);
    troubles.delete(key);
    notes.delete(key);
  };

  const learn = (way: DriveWay): void => {
    if (ways.has(way.key) || ways.size >= waysMax) return;
    ways.set(way.key, way);
    schedule.add(way.key, clock.nowMonotonicMs());
  };

  /** The way does not tell: other ways to the same drive are asked next. */
  const giveWay = (way: DriveWay, absence: Absence): void => {
    const drive = book.driveOf(way);
    schedule.failed(way.key, clock.nowMonotonicMs());
    notes.delete(way.key);
    const others = drive === null ? [] : book.waysOf(drive, ways.values());
    for (const other of others)
      if (other.key !== way.key) schedule.hurry(other.key, clock.nowMonotonicMs());
    // What has no SMART, sleeps or is another way's business is no trouble.
    if (absence.reason === "not-supported" || absence.reason === "switched-off")
      noteOf(way, [absence]);
    else troubles.set(way.key, absence);
  };

  const noteOf = (way: DriveWay, absences: readonly Absence[]): void => {
    troubles.delete(way.key);
    notes.set(way.key, absences);
  };

  const take = (way: DriveWay, { facts, note }: DriveAnswer): void => {
    const drive = book.note(way, facts);
    const at = clock.nowMonotonicMs();
    const isOther = drive.way.key !== way.key && ways.has(drive.way.key);
    if (isOther && !schedule.isFailing(drive.way.key)) {
      schedule.other(way.key, at);
      noteOf(way, []);
      return;
    }
    drive.way = way;
    schedule.answered(way.key, at);
    noteOf(way, [...(note === null ? [] : [note]), ...missingReadings(way, drive.id, facts)]);
    const { id, name } = drive;
    setDriveSeries(sink, { id, name, parent: controllerOf(drive) }, facts, cadenceMs);
    const next = nextBehind(way);
    if (next !== null) learn(next);
  };

  const ask = async (way: DriveWay): Promise<void> => {
    const answer = await askDrive(source, way, book.driveOf(way)?.id ?? null);
    // It may have been pulled while it was asked.
    if (!ways.has(way.key)) return;
    if (!answer.ok) return giveWay(way, answer.problem);
    const id = book.driveOf(way)?.id ?? null;
    const { facts } = answer.value;
    const silent = silentDrive(way, id, facts);
    if (silent === null) return take(way, answer.value);
    if (facts.standby) {
      schedule.answered(way.key, clock.nowMonotonicMs());
      noteOf(way, [silent]);
    } else if (nextBehind(way) !== null && id === null) {
      // Behind a Smart Array the numbers simply end.
      schedule.rest(way.key, clock.nowMonotonicMs());
      noteOf(way, []);
    } else giveWay(way, silent);
  };

  const components = (): readonly Component[] => {
    const drives = book.present();
    const addresses = [...new Set(drives.map(controllerOf))].flatMap((address) => address ?? []);
    const isOwnController = new Set(
      drives
        .filter(({ facts }) => facts.device.protocol === "NVMe")
        .flatMap((drive) => controllerOf(drive) ?? []),
    );
    return [
      ...drives.map((drive) => driveComponent(drive, controllerOf(drive))),
      // An NVMe drive is its own PCI function.
      ...addresses
        .filter((address) => !isOwnController.has(address))
        .map((address) => controllerComponent(source, address)),
    ];
  };

  /** Why a drive that is there may be missing among the parts; null: all that are there have told. */
  const untold = (): Pick<Absence, "reason" | "detail"> | null => {
    if (isScanPartial) return scanAbsences[0] ?? notAskedYet;
    if (!schedule.isThrough()) return notAskedYet;
    for (const way of ways.values()) {
      if (book.driveOf(way) !== null) continue;
      const said = troubles.get(way.key) ?? notes.get(way.key)?.[0];
      if (said?.reason === "switched-off" || said?.reason === "timed-out") return said;
    }
    return null;
  };

  /** Whoever reads the view looks at no hardware. A drive that says what it said is no news. */
  const look = (): void => {
    const next = components();
    const said = JSON.stringify([next, view.absences]);
    if (said === lastSaid) return;
    lastSaid = said;
    found = next;
    revision += 1;
  };

  const view: Discovery = {
    get revision() {
      return revision;
    },
    get absences() {
      const gone = book.gone().map(({ id, name }) => goneDrive(id, name));
      const because = untold();
      const unlooked = because === null ? [] : unlookedParts(["disk", "controller"], because);
      const told = [...scanAbsences, ...[...notes.values()].flat(), ...gone];
      return [...told.slice(0, absencesMax), ...unlooked];
    },
    get identity() {
      return { components: found };
    },
  };

  return {
    subject: "smart",
    cadenceMs: smartLookMs,
    async discover() {
      const scanned = await findDriveWays(source);
      scanAbsences = scanned.absences;
      isScanPartial = scanned.isPartial;
      const keys = new Set(scanned.ways.map(({ key }) => key));
      // A scan that failed has not seen that a drive is gone.
      for (const way of isScanPartial ? [] : [...ways.values()])
        if (!keys.has(way.key) && !isBehindKnown(way, keys)) forget(way.key);
      for (const way of scanned.ways) learn(way);
      look();
      return view;
    },
    async collect() {
      const needed = Math.ceil((ways.size * smartLookMs * 1.2) / cadenceMs);
      const drivesPerLook = parts.drivesPerLook ?? Math.max(1, needed);
      for (let asked = 0; asked < drivesPerLook; asked += 1) {
        const key = schedule.takeDue(clock.nowMonotonicMs());
        const way = key === null ? undefined : ways.get(key);
        if (way === undefined) break;
        await ask(way);
        look();
      }
      return problemOf([...troubles.values()].slice(0, absencesMax));
    },
    tellsOf(serial) {
      if (!schedule.isThrough()) return true;
      const wanted = serial.trim().toUpperCase();
      return book.present().some(({ facts }) => facts.serial?.toUpperCase() === wanted);
    },
    close: () => {},
  };
}

/** Drives behind a Smart Array are found one after the other, not by the scan. */
function isBehindKnown(way: DriveWay, keys: ReadonlySet<string>): boolean {
  return nextBehind(way) !== null && keys.has(`${way.device} cciss,0`);
}

const notAskedYet = {
  reason: "not-yet-collected",
  detail: "drives are asked one after the other, and not all of them were asked yet",
} as const;
const waysMax = 2_048;
const absencesMax = 512;
