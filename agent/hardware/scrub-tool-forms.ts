import type { Scrubber } from "#proto/scrub/scrubber.ts";

/**
 * Private facts that tools write in forms of their own: a world-wide name as three numbers or with
 * blanks in it (smartctl), ids of arrays, volumes and multipath devices, and what a neighbouring
 * switch says of itself (lldpctl). They become what the same fact becomes elsewhere.
 */
export function learnFromToolForms(text: string, scrubber: Scrubber): void {
  for (const [, naa, oui, id] of text.matchAll(wwnNumbers))
    scrubber.learn("wwn", hexOf(naa, 1) + hexOf(oui, 6) + hexOf(id, 9));
  for (const [, oui, id] of text.matchAll(euiNumbers))
    scrubber.learn("wwn", hexOf(oui, 6) + hexOf(id, 10));
  for (const [, naa, oui, id] of text.matchAll(wwnWords))
    scrubber.learn("wwn", `${naa}${oui}${id}`);
  for (const [, name] of text.matchAll(multipathName)) scrubber.learn("wwn", name ?? "");
  for (const [uuid] of text.matchAll(arrayUuid)) scrubber.learn("uuid", uuid);
  for (const [uuid] of text.matchAll(volumeUuid)) scrubber.learn("serial", uuid);
}

/** The text with the numbers and words replaced that plain replacement does not find. */
export function scrubToolForms(text: string, scrubber: Scrubber): string {
  const tail = (hex: string, kept: number): string =>
    String(Number.parseInt(scrubber.scrubWhole(hex).slice(kept), 16));
  return text
    .replace(wwnNumbers, (found, naa: string, oui: string, id: string) =>
      replaceLast(found, id, tail(hexOf(naa, 1) + hexOf(oui, 6) + hexOf(id, 9), 7)),
    )
    .replace(euiNumbers, (found, oui: string, id: string) =>
      replaceLast(found, id, tail(hexOf(oui, 6) + hexOf(id, 10), 6)),
    )
    .replace(wwnWords, (_, naa: string, oui: string, id: string) => {
      const replaced = scrubber.scrubWhole(`${naa}${oui}${id}`);
      return `${replaced.slice(0, 1)} ${replaced.slice(1, 7)} ${replaced.slice(7)}`;
    })
    .replace(multipathName, (found, name: string) =>
      found.replace(name, scrubber.scrubWhole(name)),
    );
}

/**
 * What `lldpctl -f json` and `json0` say of neighbours: names of switches and of their ports'
 * descriptions are those of somebody's building. A switch's name may be a key.
 */
export function learnFromNeighbours(answer: unknown, scrubber: Scrubber, inChassis = false): void {
  if (Array.isArray(answer)) {
    for (const item of answer) learnFromNeighbours(item, scrubber, inChassis);
    return;
  }
  if (typeof answer !== "object" || answer === null) return;
  for (const [key, value] of Object.entries(answer)) {
    const isSwitchName = inChassis && typeof value === "object" && !chassisWords.has(key);
    if (isSwitchName) scrubber.learn("hostname", key);
    if (key === "name" && inChassis)
      for (const text of textsOf(value)) scrubber.learn("hostname", text);
    learnFromNeighbours(value, scrubber, key === "chassis");
  }
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value !== "object" || value === null || !("value" in value)) return [];
  return textsOf(value.value);
}

function hexOf(digits: string | undefined, length: number): string {
  return Number(digits).toString(16).padStart(length, "0").slice(-length);
}

function replaceLast(text: string, found: string, replacement: string): string {
  const at = text.lastIndexOf(found);
  return text.slice(0, at) + replacement + text.slice(at + found.length);
}

const wwnNumbers =
  /"wwn":\s{0,40}\{\s{0,40}"naa":\s{0,4}(\d{1,2}),\s{0,40}"oui":\s{0,4}(\d{1,8}),\s{0,40}"id":\s{0,4}(\d{1,11})/g;
const euiNumbers =
  /"eui64":\s{0,40}\{\s{0,40}"oui":\s{0,4}(\d{1,8}),\s{0,40}"ext_id":\s{0,4}(\d{1,13})/g;
const wwnWords = /\b([0-9a-f]) ([0-9a-f]{6}) ([0-9a-f]{9})\b/gi;
/** `mpatha (3600508b400105e210000900000490000) dm-0`: a 3 before the name. */
const multipathName = /\(3([0-9a-f]{16}|[0-9a-f]{32})\)/gi;
const arrayUuid = /(?<![0-9a-f:])[0-9a-f]{8}(?::[0-9a-f]{8}){3}(?![0-9a-f:])/gi;
const volumeUuid = /\b[A-Za-z0-9]{6}(?:-[A-Za-z0-9]{4}){5}-[A-Za-z0-9]{6}\b/g;
const chassisWords: ReadonlySet<string> = new Set([
  "id",
  "name",
  "descr",
  "mgmt-ip",
  "mgmt-iface",
  "capability",
]);
