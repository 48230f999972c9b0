import { type JsonObject, listOf, memberOf, numberOf, objectOf, textOf } from "./smart-json.ts";

/**
 * The drive's world-wide name as 16 hexadecimal digits: the ATA WWN (NAA, OUI, id), the EUI-64 of
 * the first NVMe namespace, or the SCSI logical unit id. 32 digits where the unit id is that long.
 */
export function readWwn(drive: JsonObject): string | null {
  const wwn = objectOf(drive["wwn"]);
  const naa = digits(wwn["naa"], 1);
  const oui = digits(wwn["oui"], 6);
  const id = digits(wwn["id"], 9);
  if (naa !== null && oui !== null && id !== null) return known(`${naa}${oui}${id}`);
  const [namespace] = listOf(drive["nvme_namespaces"], 1);
  const eui = objectOf(memberOf(namespace, "eui64"));
  const company = digits(eui["oui"], 6);
  const extension = digits(eui["ext_id"], 10);
  if (company !== null && extension !== null) return known(`${company}${extension}`);
  return parseWwn(textOf(drive["logical_unit_id"]) ?? "");
}

/** As it is written by many tools: 0x5000C500…, 5 00a075 128413fa9; null: not one. */
export function parseWwn(text: string): string | null {
  const plain = text
    .slice(0, 80)
    .trim()
    .toLowerCase()
    .replace(/^(?:0x|naa\.|eui\.)/, "");
  const hex = plain.replace(/[\s:-]/g, "");
  return /^(?:[0-9a-f]{16}|[0-9a-f]{32})$/.test(hex) ? known(hex) : null;
}

/** All zeros stands for a drive without a name. */
function known(wwn: string): string | null {
  return /^(.)\1*$/.test(wwn) ? null : wwn;
}

function digits(value: unknown, length: number): string | null {
  const number = numberOf(value);
  if (number === null || !Number.isSafeInteger(number) || number < 0) return null;
  const hex = number.toString(16).padStart(length, "0");
  return hex.length === length ? hex : null;
}
