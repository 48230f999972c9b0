import type { DiskCondition } from "./raid-facts.ts";
import { textOf } from "./smart-json.ts";
import { plausible, plausibleNumbers } from "./smart-plausible.ts";

/** Values as RAID tools write them. null: not in a form that is known. */

/** " 26C (78.80 F)", "31C", "43 C", 43; 0 is what a drive without a sensor says. */
export function celsiusOf(value: unknown): number | null {
  const number =
    typeof value === "number"
      ? value
      : Number(
          /^\s*(-?\d{1,3}) ?C\b/.exec(typeof value === "string" ? value : "")?.[1] ?? Number.NaN,
        );
  if (!Number.isFinite(number) || number === 0) return null;
  return plausibleNumbers().within("temperature", number, plausible.celsius);
}

/** A count, as number or as text. */
export function countOf(value: unknown): number | null {
  const number =
    typeof value === "string" && /^\s*\d{1,15}\s*$/.test(value) ? Number(value) : value;
  return plausibleNumbers().within("count", number, plausible.count);
}

/** "372.611 GB [0x2e9390b0 Sectors]": sectors of 512 bytes, whatever the drive's own are. */
export function sectorBytesOf(value: unknown): number | null {
  const hex = /\[0x([0-9a-f]{1,12}) Sectors\]/i.exec(typeof value === "string" ? value : "")?.[1];
  if (hex === undefined) return null;
  const bytes = Number.parseInt(hex, 16) * 512;
  return bytes > 0 && Number.isSafeInteger(bytes) ? bytes : null;
}

/** "00:65:00:00" (domain, bus, device, function in hexadecimal) as the kernel writes it. */
export function pciAddressOf(value: unknown): string | null {
  const text = textOf(value)?.toLowerCase() ?? "";
  const kernel = /^([0-9a-f]{4}):([0-9a-f]{2}):([0-9a-f]{2})\.([0-7])$/.exec(text);
  if (kernel !== null) return text;
  const parts = /^([0-9a-f]{1,4}):([0-9a-f]{1,2}):([0-9a-f]{1,2}):0?([0-7])$/.exec(text);
  if (parts === null) return null;
  const [, domain = "", bus = "", device = "", part = ""] = parts;
  return `${domain.padStart(4, "0")}:${bus.padStart(2, "0")}:${device.padStart(2, "0")}.${part}`;
}

export function yesNoOf(value: unknown): boolean | null {
  const text = textOf(value)?.toLowerCase();
  return text === "yes" ? true : text === "no" ? false : null;
}

/** "N/A", "NA", "-" and blanks stand for nothing. */
export function wordOf(value: unknown): string | null {
  const text = textOf(value);
  return text === null || /^(?:n\/?a|-+|none|unknown)$/i.test(text) ? null : text;
}

/** States of drives in the words of storcli, MegaCli, sas2ircu and ssacli; the first that fits. */
export function conditionOf(state: string | null): DiskCondition | null {
  if (state === null) return null;
  return conditions.find(([form]) => form.test(state))?.[1] ?? null;
}

const conditions: readonly (readonly [RegExp, DiskCondition])[] = [
  [/\bmsng\b|missing|\(MIS\)/i, "missing"],
  [/rbld|rebuil|cpybck|copyback|recovering/i, "rebuilding"],
  [/frgn|foreign/i, "foreign"],
  [/ubad|ubunsp|unconfigured ?\(bad\)|fail|offln|offline|\(FLD\)|\(DEG\)|degraded/i, "failed"],
  [/ghs|dhs|hot ?spare|\(HSP\)|^spare/i, "spare"],
  [/ugood|ugunsp|unconfigured ?\(good\)|\(RDY\)|\(AVL\)|\(SBY\)|unassigned/i, "unconfigured"],
  [/onln|online|\(ONL\)|\(OPT\)|optimal|jbod|^conf$|^ok\b/i, "active"],
];
