/** What the charts show: the newest stretch, growing at its end, or a stretch that stays. */
export type TimeRange =
  | {
      readonly kind: "last";
      readonly preset: PresetName;
      readonly spanMs: number;
      readonly stepMs: number;
    }
  | {
      readonly kind: "fixed";
      /** Where a double click leads back to. */
      readonly preset: PresetName;
      readonly fromMs: number;
      readonly toMs: number;
      readonly stepMs: number;
    };

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Every preset with its step: at most 900 points, and one second as long as that allows. */
export const presets = {
  "5m": { words: "5 min", spanMs: 5 * minute, stepMs: second },
  "15m": { words: "15 min", spanMs: 15 * minute, stepMs: second },
  "1h": { words: "1 h", spanMs: hour, stepMs: 5 * second },
  "6h": { words: "6 h", spanMs: 6 * hour, stepMs: 30 * second },
  "24h": { words: "24 h", spanMs: 24 * hour, stepMs: 2 * minute },
} as const satisfies Record<string, { words: string; spanMs: number; stepMs: number }>;

export type PresetName = keyof typeof presets;
export const presetNames = Object.keys(presets).filter(isPreset);
const presetByDefault: PresetName = "5m";

const spanMsMin = 10 * second;
const pointsMax = 900;
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600, 21_600, 86_400].map(
  (seconds) => seconds * second,
);

/** The range that an address asks for. What it says wrongly is left out, never an error. */
export function readRange(address: URLSearchParams): TimeRange {
  const asked = address.get("range") ?? "";
  const preset = isPreset(asked) ? asked : presetByDefault;
  const fromMs = readTime(address.get("from"));
  const toMs = readTime(address.get("to"));
  if (fromMs === null || toMs === null || toMs <= fromMs)
    return { kind: "last", preset, ...presetOf(preset) };
  return fixedRange(fromMs, toMs, preset);
}

/** A range of its own; widened to the shortest that makes sense and to whole steps. */
export function fixedRange(fromMs: number, toMs: number, preset: PresetName): TimeRange {
  const middle = (fromMs + toMs) / 2;
  const spanMs = Math.max(spanMsMin, toMs - fromMs);
  const stepMs = stepFor(spanMs);
  return {
    kind: "fixed",
    preset,
    fromMs: Math.floor((middle - spanMs / 2) / stepMs) * stepMs,
    toMs: Math.ceil((middle + spanMs / 2) / stepMs) * stepMs,
    stepMs,
  };
}

/** The address with this range in it, everything else kept. */
export function writeRange(address: URLSearchParams, range: TimeRange): URLSearchParams {
  const next = new URLSearchParams(address);
  next.set("range", range.preset);
  next.delete("from");
  next.delete("to");
  if (range.kind === "fixed") {
    next.set("from", String(range.fromMs));
    next.set("to", String(range.toMs));
  }
  return next;
}

export function lastRange(preset: PresetName): TimeRange {
  return { kind: "last", preset, ...presetOf(preset) };
}

function stepFor(spanMs: number): number {
  return (
    steps.find((stepMs) => spanMs / stepMs <= pointsMax) ??
    Math.ceil(spanMs / pointsMax / hour) * hour
  );
}

function presetOf(preset: PresetName): { readonly spanMs: number; readonly stepMs: number } {
  const { spanMs, stepMs } = presets[preset];
  return { spanMs, stepMs };
}

function readTime(text: string | null): number | null {
  return text !== null && /^[0-9]{1,14}$/.test(text) ? Number(text) : null;
}

function isPreset(name: string): name is PresetName {
  return Object.hasOwn(presets, name);
}
