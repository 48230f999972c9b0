/**
 * Text that makers leave where a serial, tag or UUID should be. Hosts that share one are not the
 * same host; the text is kept, since it says how the board was made.
 */
export function isPlaceholder(text: string): boolean {
  const plain = text.trim().toLowerCase();
  if (plain === "") return true;
  if (words.has(plain.replace(/[.\s]+/g, " ").trim())) return true;
  if (uuids.has(plain)) return true;
  const letters = plain.replace(/[^0-9a-z]/g, "");
  // 0, 0000000000, xxxxxxxx, ffffffff-…; and 0123456789 with whatever follows it.
  return (
    letters === "" ||
    /^(.)\1*$/.test(letters) ||
    /^0?123456789(?:0?(?:123456789)?|ab(?:cdef)?)*$/.test(letters)
  );
}

const words: ReadonlySet<string> = new Set([
  "to be filled by o e m",
  "to be filled by oem",
  "not specified",
  "not available",
  "not applicable",
  "none",
  "n/a",
  "na",
  "unknown",
  "default string",
  "default",
  "system serial number",
  "system product name",
  "system manufacturer",
  "system version",
  "base board serial number",
  "chassis serial number",
  "no asset tag",
  "no asset information",
  "asset-1234567890",
  "asset tag",
  "oem",
  "o e m",
  "empty",
  "invalid",
  "undefined",
  "no dimm",
  "serial",
  "not provided",
  "null",
  "-",
]);

/** UUIDs that whole series of boards carry. */
const uuids: ReadonlySet<string> = new Set([
  "03000200-0400-0500-0006-000700080009",
  "12345678-1234-5678-90ab-cddeefaabbcc",
  "fefefefe-fefe-fefe-fefe-fefefefefefe",
  "00020003-0004-0005-0006-000700080009",
]);
