import type { Identity } from "#proto/messages/state.ts";
import { isPlaceholder } from "#proto/vocabulary/placeholder.ts";

/**
 * The serial that people find on the box, from what the firmware says: the system's, or else the
 * board's; null where nobody wrote one into either.
 */
export function usableSerial(identity: Identity): string | null {
  for (const text of [identity.serial, identity.boardSerial]) {
    const serial = text?.trim() ?? "";
    if (!isPlaceholder(serial)) return serial;
  }
  return null;
}
