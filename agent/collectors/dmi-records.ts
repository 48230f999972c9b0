/** One structure of the DMI tables as `dmidecode` prints it. */
export interface DmiRecord {
  /** As printed: 0x1100. */
  readonly handle: string;
  /** SMBIOS structure type, 0 to 255. */
  readonly type: number;
  /** Key → value as printed; of two lines with one key the first counts. Lists are left out. */
  readonly values: ReadonlyMap<string, string>;
}

/**
 * The structures in a text of `dmidecode`, in its order. Lines before the first handle (versions,
 * warnings) and lines that are neither key nor handle are passed over. Keys are indented by a tab,
 * by eight blanks or by four; what is indented deeper is a list and belongs to no key of its own.
 * Bounded: `recordsMax` structures of `keysMax` keys, values cut at `valueLengthMax`.
 */
export function parseDmiRecords(text: string): readonly DmiRecord[] {
  const records: DmiRecord[] = [];
  let values: Map<string, string> | null = null;
  let indent = "";
  for (const line of text.slice(0, textLengthMax).split("\n")) {
    const head = line.startsWith("Handle 0x") ? headLine.exec(line) : null;
    if (head !== null) {
      if (records.length >= recordsMax) break;
      values = new Map();
      indent = "";
      records.push({ handle: head[1] ?? "", type: Number(head[2]), values });
      continue;
    }
    if (values === null || values.size >= keysMax) continue;
    const at = line.indexOf(":");
    const margin = marginOf(line);
    if (at < 0 || margin === "") continue;
    if (indent === "") indent = margin;
    if (margin !== indent) continue;
    const key = line.slice(margin.length, at);
    if (key.length > keyLengthMax || values.has(key)) continue;
    values.set(key, line.slice(at + 1, at + 1 + valueLengthMax).trim());
  }
  return records;
}

/** Blanks and tabs that a line begins with. */
function marginOf(line: string): string {
  let at = 0;
  while (line[at] === " " || line[at] === "\t") at += 1;
  return line.slice(0, at);
}

const headLine = /^Handle (0x[0-9A-Fa-f]{1,8}), DMI type (\d{1,3}),/;
/** SMBIOS tables are at most 64 KiB before version 3; their text is about ten times that. */
const textLengthMax = 4 * 1024 * 1024;
const recordsMax = 4096;
const keysMax = 64;
const keyLengthMax = 64;
const valueLengthMax = 256;
