import { ok, type Result } from "#proto/vocabulary/result.ts";
import {
  type RaidController,
  type RaidDisk,
  type RaidFacts,
  raidLimits,
  unknownController,
  unknownDisk,
} from "./raid-facts.ts";
import { celsiusOf, conditionOf, countOf, sectorBytesOf, wordOf, yesNoOf } from "./raid-values.ts";
import { readToolLines } from "./raid-text.ts";
import { textOf } from "./smart-json.ts";
import { parseWwn } from "./smartctl-wwn.ts";

/** Reads the text of `MegaCli -PDList -aALL`: one block of "Key: value" for each drive. */
export function parseMegacliDisks(text: string): Result<RaidFacts, string> {
  const controllers: { id: string; disks: Map<string, string>[] }[] = [];
  let inquiry = "";
  const raw = inquiryLines(text);
  let at = 0;
  for (const { text: line, key, value } of readToolLines(text)) {
    const adapter = /^Adapter #(\d{1,3})$/i.exec(line)?.[1];
    if (adapter !== undefined && controllers.length < raidLimits.controllers)
      controllers.push({ id: adapter, disks: [] });
    const disks = controllers.at(-1)?.disks;
    if (disks === undefined || key === null) continue;
    if (key === "enclosure device id" && disks.length < raidLimits.disks) disks.push(new Map());
    if (key === "inquiry data") {
      inquiry = raw[at] ?? "";
      at += 1;
    }
    const known = disks.at(-1);
    const kept = key === "inquiry data" ? inquiry : value;
    if (known !== undefined && kept !== null && !known.has(key)) known.set(key, kept);
  }
  return ok({
    tool: "megacli",
    controllers: controllers.map(
      ({ id, disks }): RaidController => ({
        ...unknownController,
        id,
        disks: disks.map(readDisk),
      }),
    ),
    problems: [],
  });
}

/** Its columns are cut by width: blanks within it must stay. */
function inquiryLines(text: string): readonly string[] {
  return text
    .split(/\r?\n/, raidLimits.lines)
    .filter((line) => /^\s*Inquiry Data:/i.test(line))
    .map((line) =>
      line
        .slice(line.indexOf(":") + 1)
        .replace(/^ /, "")
        .slice(0, 128),
    );
}

function readDisk(values: ReadonlyMap<string, string>): RaidDisk {
  const of = (key: string): string | null => values.get(key) ?? null;
  const enclosure = wordOf(of("enclosure device id"));
  const state = textOf(of("firmware state"));
  const position = of("drive's position") ?? "";
  const medium = of("media type") ?? "";
  const foreign = wordOf(of("foreign state"));
  return {
    ...unknownDisk,
    slot: `${enclosure ?? ""}:${wordOf(of("slot number")) ?? "?"}`,
    deviceId: countOf(of("device id")),
    state,
    condition: foreign !== null ? "foreign" : conditionOf(state),
    array: /DiskGroup: (\d{1,4})/i.exec(position)?.[1] ?? null,
    ...readInquiry(of("inquiry data") ?? "", of("pd type")),
    wwn: parseWwn(of("wwn") ?? ""),
    capacityBytes: sectorBytesOf(of("raw size")),
    isRotational: /hard disk/i.test(medium) ? true : /solid state/i.test(medium) ? false : null,
    mediaErrors: countOf(of("media error count")),
    otherErrors: countOf(of("other error count")),
    predictiveFailures: countOf(of("predictive failure count")),
    isSmartAlert: yesNoOf(of("drive has flagged a s.m.a.r.t alert")),
    temperatureCelsius: celsiusOf(of("drive temperature")),
  };
}

/**
 * SAS: vendor 8, model 16, firmware 4, then the serial, as in a SCSI inquiry. SATA: serial 20, model
 * 40, firmware 8, as in ATA's identify.
 */
function readInquiry(
  inquiry: string,
  type: string | null,
): Pick<RaidDisk, "vendor" | "model" | "serial" | "firmware"> {
  if (type !== null && /^SATA/i.test(type))
    return {
      vendor: null,
      serial: wordOf(inquiry.slice(0, 20)),
      model: wordOf(inquiry.slice(20, 60)),
      firmware: wordOf(inquiry.slice(60, 68)),
    };
  return {
    vendor: wordOf(inquiry.slice(0, 8)),
    model: wordOf(inquiry.slice(8, 24)),
    firmware: wordOf(inquiry.slice(24, 28)),
    serial: wordOf(inquiry.slice(28)),
  };
}
