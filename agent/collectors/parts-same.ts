import type { Component } from "#proto/messages/state.ts";

/**
 * Whether two serials are of one part. Dell's boards say `.TAG.SERIAL.` in one place and `SERIAL` in
 * another; case and blanks differ by source.
 */
export function isSameSerial(a: string | null, b: string | null): boolean {
  if (a === null || b === null) return false;
  const [one, other] = [plain(a), plain(b)];
  if (one === other) return one !== "";
  return isWithin(one, other) || isWithin(other, one);
}

/** One of the pieces between the dots, long enough to be a serial. */
function isWithin(short: string, long: string): boolean {
  return short.length >= serialLengthMin && long.includes(".") && long.split(".").includes(short);
}

function plain(serial: string): string {
  return serial.trim().toLowerCase();
}

/**
 * What a place is compared by: `PSU1`, `PS 1` and `Power Supply 1` are the same one. Places that we
 * numbered ourselves (`psu1`, counted from 0) are not among them.
 */
export function slotKey({ kind, slot }: Component): string {
  const supply =
    kind === "psu" ? /^(?:Power Supply|PSU|PS)[ _#-]?(\d{1,2})$/.exec(slot)?.[1] : null;
  return supply === null || supply === undefined ? slot : `supply ${Number(supply)}`;
}

/** A number that `chooseSlots` gave where the firmware has no name for the place. */
export function isInventedSlot({ kind, slot }: Component): boolean {
  return slot.startsWith(kind) && /^\d+$/.test(slot.slice(kind.length));
}

const serialLengthMin = 6;
