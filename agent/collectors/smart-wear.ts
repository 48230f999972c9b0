import type { SmartAttribute } from "./smart-attributes.ts";

/** Percent used of the endurance and percent left of the spare, by attributes. */
export interface WearFacts {
  readonly percentageUsed: number | null;
  readonly wearSource: string | null;
  readonly spare: number | null;
  readonly spareThreshold: number | null;
}

/**
 * The same attribute id counts different things at different makers (177, 202, 231, 232, 233), and
 * the raw value counts up at one and down at another. So a rule holds only for the names and
 * families that smartmontools' drive database or the makers' own sheets give it for; a drive under
 * no rule tells no wear.
 */
export function findWear(
  attributes: readonly SmartAttribute[],
  { model, family }: { readonly model: string | null; readonly family: string | null },
): WearFacts {
  const maker = `${family ?? ""} | ${model ?? ""}`;
  const match = (rule: WearRule): { percent: number; attribute: SmartAttribute } | null => {
    if (rule.maker !== undefined && !rule.maker.test(maker)) return null;
    for (const attribute of attributes) {
      if (attribute.id !== rule.id || !rule.name.test(attribute.name)) continue;
      const percent = rule.reads === "raw" ? rawPercent(attribute) : attribute.value;
      if (percent === null || percent < 0 || percent > 100) continue;
      return { percent, attribute };
    }
    return null;
  };
  const first = (rules: readonly WearRule[]) => {
    for (const rule of rules) {
      const found = match(rule);
      if (found !== null) return { ...found, rule };
    }
    return null;
  };
  const wear = first(wearRules);
  const spare = first(spareRules);
  const threshold = spare?.attribute.threshold ?? null;
  return {
    percentageUsed:
      wear === null ? null : wear.rule.counts === "used" ? wear.percent : 100 - wear.percent,
    wearSource: wear === null ? null : `${wear.attribute.id} ${wear.attribute.name}`,
    spare: spare?.percent ?? null,
    spareThreshold: threshold !== null && threshold > 0 && threshold < 100 ? threshold : null,
  };
}

function rawPercent({ rawText }: SmartAttribute): number | null {
  const digits = /^\s*(\d{1,3})\s*(?:%|\(|$)/.exec(rawText.slice(0, 64))?.[1];
  return digits === undefined ? null : Number(digits);
}

interface WearRule {
  readonly id: number;
  readonly name: RegExp;
  /** Of family and model together; left out: the name says enough. */
  readonly maker?: RegExp;
  readonly reads: "raw" | "normalised";
  readonly counts: "used" | "left";
}

const samsung = /samsung|\bMZ[-_]?[0-9A-Z]/i;
const intel = /intel|solidigm|\bSSDSC/i;
const micron = /micron|crucial|\bMTFD|\bCT\d/i;

const wearRules: readonly WearRule[] = [
  // Micron and Crucial: the raw value is what is used, whatever the name says.
  {
    id: 202,
    name: /^Percent_Lifetime_(?:Remain|Used)/i,
    maker: micron,
    reads: "raw",
    counts: "used",
  },
  { id: 169, name: /^(?:Remaining_Lifetime|Remaining_Life)/i, reads: "raw", counts: "left" },
  // Phison and Kingston: raw and normalised differ at times (74 and 100); raw is the life left.
  { id: 231, name: /^SSD_Life_Left/i, maker: /phison|kingston/i, reads: "raw", counts: "left" },
  { id: 231, name: /^SSD_Life_Left/i, reads: "normalised", counts: "left" },
  { id: 245, name: /^Percent_Life_Remaining/i, reads: "raw", counts: "left" },
  {
    id: 233,
    name: /^Media_Wearout_Indicator/i,
    maker: intel,
    reads: "normalised",
    counts: "left",
  },
  { id: 177, name: /^Wear_Leveling_Count/i, maker: samsung, reads: "normalised", counts: "left" },
  { id: 173, name: /^(?:Wear_Leveling_Count|SSD_Life_Left)/i, reads: "normalised", counts: "left" },
];

const spareRules: readonly WearRule[] = [
  { id: 232, name: /^Avail.*Rese?r?vd?_Space/i, maker: intel, reads: "normalised", counts: "left" },
  { id: 232, name: /^Perc_Avail_Resrvd_Space/i, reads: "normalised", counts: "left" },
  { id: 170, name: /^Reserved_Block_Pct/i, maker: micron, reads: "normalised", counts: "left" },
  { id: 170, name: /^Avail.*Rese?r?vd?_Space/i, maker: intel, reads: "normalised", counts: "left" },
  { id: 179, name: /^Used_Rsvd_Blk_Cnt/i, maker: samsung, reads: "normalised", counts: "left" },
];
