/** One part of a selector as the console shows it: a key with a value, or a host's name. */
export interface Chip {
  readonly key: SelectorKey | "host";
  readonly value: string;
}

/** What the manager's selectors know; each with the word that stands on the chip. */
export const selectorKeys = [
  "region",
  "site",
  "row",
  "rack",
  "class",
  "state",
  "link",
  "health",
  "simulated",
] as const;
export type SelectorKey = (typeof selectorKeys)[number];

/** Parts of a selector's text. A key that this page does not know is kept as it stands, as a name. */
export function readChips(selector: string): readonly Chip[] {
  const chips: Chip[] = [];
  for (const part of selector.split(",").map((text) => text.trim())) {
    const chip = readChip(part) ?? (part === "" ? null : { key: "host" as const, value: part });
    if (chip !== null) chips.push(chip);
  }
  return withoutRepeats(chips);
}

export function writeChips(chips: readonly Chip[]): string {
  return chips.map(chipText).join(",");
}

export function chipText({ key, value }: Chip): string {
  return key === "host" ? value : `${key}=${value}`;
}

export function addChip(chips: readonly Chip[], chip: Chip): readonly Chip[] {
  return withoutRepeats([...chips, chip]);
}

export function removeChip(chips: readonly Chip[], chip: Chip): readonly Chip[] {
  return chips.filter((one) => chipText(one) !== chipText(chip));
}

/**
 * What a person typed, taken apart: `link=lost rack-07` is a chip and a word. Only keys that a
 * selector has become chips; everything else is looked for as text.
 */
export function readTyped(text: string): {
  readonly chips: readonly Chip[];
  readonly words: string;
} {
  const chips: Chip[] = [];
  const words: string[] = [];
  for (const part of text.split(/[\s,]+/).filter((one) => one !== "")) {
    const chip = readChip(part);
    if (chip === null) words.push(part);
    else chips.push(chip);
  }
  return { chips: withoutRepeats(chips), words: words.join(" ") };
}

function readChip(part: string): Chip | null {
  const at = part.indexOf("=");
  const key = selectorKeys.find((one) => one === part.slice(0, at));
  const value = part.slice(at + 1);
  return at < 0 || key === undefined || value === "" ? null : { key, value };
}

function withoutRepeats(chips: readonly Chip[]): readonly Chip[] {
  const seen = new Map(chips.map((chip) => [chipText(chip), chip]));
  return [...seen.values()];
}
