import type { Identity } from "#proto/messages/state.ts";

/**
 * The serial that people find on the box, from what the firmware says: the system's, or else the
 * board's. Boards that nobody wrote a serial into say so in many ways; each is null here.
 */
export function usableSerial(identity: Identity): string | null {
  for (const text of [identity.serial, identity.boardSerial]) {
    const serial = text?.trim() ?? "";
    if (serial.length > 2 && !placeholder.test(serial) && !sameCharacter.test(serial))
      return serial;
  }
  return null;
}

/** What firmware vendors ship in place of a serial. */
const placeholder =
  /^(to be filled.*|default string|not (specified|available|applicable|present|settable).*|system serial number|chassis serial number|base board serial number|serial number|none|null|n\/a|na|unknown|invalid|empty|0123456789|1234567890?|123456789|oem|o\.e\.m\.|sernum0|-+)$/i;
const sameCharacter = /^(.)\1*$/;
