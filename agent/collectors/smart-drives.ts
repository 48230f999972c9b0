import { isPlaceholder } from "#proto/vocabulary/placeholder.ts";
import type { SmartFacts } from "./smart-facts.ts";
import type { DriveWay } from "./smart-ways.ts";

/** One drive, however many ways lead to it. */
export interface Drive {
  /** hw.id: serial, else WWN, else the name of the way; stays the same over reboots. */
  readonly id: string;
  /** hw.name: the kernel's name where it has one. Kept for the agent's life. */
  readonly name: string;
  /** What it last said in full. */
  facts: SmartFacts;
  /** The way that is asked; the others are looked at rarely. */
  way: DriveWay;
}

/**
 * Tells which answers are of one drive. The same serial is the same drive unless model, WWN or size
 * say otherwise: placeholders and careless makers give many drives one serial.
 */
export class DriveBook {
  readonly #drives = new Map<string, Drive>();
  readonly #driveOfWay = new Map<string, Drive>();

  /** The drive that answered by this way. Its facts are kept. */
  note(way: DriveWay, facts: SmartFacts): Drive {
    const known = this.#find(way, facts);
    if (known !== null) {
      known.facts = facts;
      this.#driveOfWay.set(way.key, known);
      return known;
    }
    const drive: Drive = { id: this.#freeId(way, facts), name: way.label, facts, way };
    if (this.#drives.size < drivesMax) this.#drives.set(drive.id, drive);
    this.#driveOfWay.set(way.key, drive);
    return drive;
  }

  /** null: nothing ever answered by this way. */
  driveOf(way: DriveWay): Drive | null {
    return this.#driveOfWay.get(way.key) ?? null;
  }

  /** Whether two ways are known to lead to one drive. */
  waysOf(drive: Drive, ways: Iterable<DriveWay>): readonly DriveWay[] {
    return [...ways].filter((way) => this.#driveOfWay.get(way.key) === drive);
  }

  forgetWay(key: string): void {
    this.#driveOfWay.delete(key);
  }

  /** Drives to which a way leads now. */
  present(): readonly Drive[] {
    return [...new Set(this.#driveOfWay.values())];
  }

  /** Drives that were seen and to which no way leads any more. */
  gone(): readonly Drive[] {
    const present = new Set(this.#driveOfWay.values());
    return [...this.#drives.values()].filter((drive) => !present.has(drive));
  }

  #find(way: DriveWay, facts: SmartFacts): Drive | null {
    const serial = tellingText(facts.serial);
    for (const drive of this.#drives.values()) {
      const other = drive.facts;
      if (contradict(facts, other)) continue;
      if (serial !== null && serial === tellingText(other.serial)) return drive;
      if (serial === null && facts.wwn !== null && facts.wwn === other.wwn) return drive;
    }
    // Without a name of its own the drive is whatever stands there, as long as nothing speaks against it.
    const before = this.#driveOfWay.get(way.key) ?? null;
    if (before === null || serial !== null || facts.wwn !== null) return null;
    return contradict(facts, before.facts) ? null : before;
  }

  #freeId(way: DriveWay, facts: SmartFacts): string {
    const wanted = tellingText(facts.serial) ?? facts.wwn ?? way.label;
    if (!this.#drives.has(wanted)) return wanted;
    const second = `${wanted}/${facts.wwn ?? way.label}`;
    return this.#drives.has(second) ? `${wanted}/${way.key}` : second;
  }
}

/** A serial that can tell a drive from others. */
export function tellingText(serial: string | null): string | null {
  return serial === null || isPlaceholder(serial) ? null : serial;
}

function contradict(one: SmartFacts, other: SmartFacts): boolean {
  const differ = (a: string | number | null, b: string | number | null): boolean =>
    a !== null && b !== null && a !== b;
  const plainModel = (facts: SmartFacts): string | null => {
    // Behind a controller the vendor may be left out of the model, or stand in front of it.
    const words = facts.model?.toUpperCase().split(" ") ?? [];
    return words.at(-1) ?? null;
  };
  return (
    differ(one.wwn, other.wwn) ||
    differ(one.capacityBytes, other.capacityBytes) ||
    differ(plainModel(one), plainModel(other))
  );
}

const drivesMax = 2_048;
