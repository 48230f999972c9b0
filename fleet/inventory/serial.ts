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

/** One form for comparing: firmware and invoices write the letters of one serial differently. */
export function foldSerial(serial: string): string {
  return serial.trim().toUpperCase();
}

/** The MAC address of its controller, where the agent sees it: `00:25:90:aa:bb:cc`. */
export function bmcMacOf(identity: Identity): string | null {
  for (const { kind, address } of identity.components) {
    const mac = kind === "bmc" ? (address?.toLowerCase() ?? "") : "";
    if (/^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(mac)) return mac;
  }
  return null;
}
