import type { TokenDisk } from "#proto/messages/reimage-token.ts";
import type { FoundDisk } from "./disk-port.ts";

/** One spelling of a serial: blanks at the ends and its case carry nothing. */
export function plainSerial(serial: string): string {
  return serial.trim().replace(/\s+/g, " ").toLowerCase();
}

/**
 * One spelling of a world-wide name, which tools print as `naa.5000…`, `0x5000…`, `wwn-0x5000…`,
 * `eui.…` and `nvme.…`, with or without dashes.
 */
export function plainWwn(wwn: string): string {
  const plain = wwn.trim().toLowerCase().replace(/\s+/g, " ");
  const hexadecimal = /^(?:wwn-)?(?:naa\.|eui\.|uuid\.|0x)*([0-9a-f-]{16,40})$/.exec(plain)?.[1];
  return hexadecimal === undefined ? plain : hexadecimal.replaceAll("-", "");
}

/** Serial AND world-wide name; where the token has a name, one that is missing or differs is another disk. */
export function isSameDisk(
  expected: Pick<TokenDisk, "serial" | "wwn">,
  found: Pick<FoundDisk, "serial" | "wwn">,
): boolean {
  if (found.serial === null || plainSerial(found.serial) !== plainSerial(expected.serial))
    return false;
  if (expected.wwn === null) return true;
  return found.wwn !== null && plainWwn(found.wwn) === plainWwn(expected.wwn);
}

/** What a journal and a report call a disk by. */
export function diskKey({ serial, wwn }: Pick<TokenDisk, "serial" | "wwn">): string {
  return wwn === null ? plainSerial(serial) : `${plainSerial(serial)} ${plainWwn(wwn)}`;
}
