import type { Host } from "./host-schemas.ts";
import type { RackDetail } from "./place-schemas.ts";

export const elevationValues = ["state", "watts", "cpu", "class"] as const;
export type ElevationValue = (typeof elevationValues)[number];

const unitHeight = 18;
const boxWidth = 280;
const numberWidth = 26;
const margin = 8;
const titleHeight = 24;
const nameCharactersMax = 24;
const valueCharactersMax = 14;

/**
 * A rack's front, as SVG text. Units count from the bottom. The state is told by a shape and a word,
 * never by colour alone; hosts that do not report are drawn dashed. Names and classes come from
 * machines and may be hostile: every text is escaped.
 */
export function drawElevation(rack: RackDetail, value: ElevationValue): string {
  const height = titleHeight + rack.heightUnits * unitHeight + margin * 2;
  const width = boxWidth + numberWidth * 2 + margin * 2;
  const title = `${rack.site} / ${rack.row} / ${rack.rack}`;
  const filled = new Set(rack.slots.map((slot) => slot.unit));
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title">`,
    `<title id="title">${escapeXml(title)}, ${rack.slots.length} of ${rack.heightUnits} units filled</title>`,
    `<style>${style}</style>`,
    hatchPattern,
    `<rect class="surface" width="${width}" height="${height}"/>`,
    `<text class="heading" x="${margin + numberWidth}" y="${margin + 14}">${escapeXml(title)}</text>`,
    `<rect class="frame" x="${margin + numberWidth}" y="${margin + titleHeight}" width="${boxWidth}" height="${rack.heightUnits * unitHeight}"/>`,
  ];
  for (let unit = rack.heightUnits; unit >= 1; unit -= 1) {
    lines.push(...drawUnit(rack, unit, filled.has(unit)));
  }
  for (const slot of rack.slots) lines.push(...drawHost(rack, slot, value));
  lines.push("</svg>", "");
  return lines.join("\n");
}

function drawUnit(rack: RackDetail, unit: number, isFilled: boolean): readonly string[] {
  const top = topOf(rack, unit);
  const baseline = top + 13;
  const right = margin + numberWidth + boxWidth;
  const numbers = [
    `<text class="unit end" x="${margin + numberWidth - 6}" y="${baseline}">${unit}</text>`,
    `<text class="unit" x="${right + 6}" y="${baseline}">${unit}</text>`,
  ];
  if (isFilled) return numbers;
  const line = `<line class="empty" x1="${margin + numberWidth}" x2="${right}" y1="${top}" y2="${top}"/>`;
  return [...numbers, line];
}

function drawHost(
  rack: RackDetail,
  slot: RackDetail["slots"][number],
  value: ElevationValue,
): readonly string[] {
  const { host } = slot;
  const left = margin + numberWidth;
  const top = topOf(rack, slot.unit + slot.heightUnits - 1);
  const height = slot.heightUnits * unitHeight;
  const { shape, word, tone } = stateOf(host);
  const baseline = top + height / 2 + 4;
  const isSeen = host.link.state === "connected" || host.link.state === "late";
  const simulated = host.simulated ? ", simulated" : "";
  return [
    `<g class="host ${tone}${isSeen ? "" : " unseen"}${host.simulated ? " simulated" : ""}">`,
    `<title>${escapeXml(`${host.name}, u${slot.unit}, ${word}, link ${host.link.state}${simulated}`)}</title>`,
    `<rect x="${left + 1}" y="${top + 1}" width="${boxWidth - 2}" height="${height - 2}" rx="2"/>`,
    ...(host.simulated
      ? [`<rect class="hatch" x="${left + 1}" y="${top + 1}" width="5" height="${height - 2}"/>`]
      : []),
    `<text class="shape" x="${left + 8}" y="${baseline}">${shape}</text>`,
    `<text class="name" x="${left + 24}" y="${baseline}">${escapeXml(clip(host.name, nameCharactersMax))}</text>`,
    `<text class="value end" x="${left + boxWidth - 8}" y="${baseline}">${escapeXml(clip(shownValue(host, value, word), valueCharactersMax))}</text>`,
    "</g>",
  ];
}

function topOf(rack: RackDetail, unit: number): number {
  return margin + titleHeight + (rack.heightUnits - unit) * unitHeight;
}

/** Shapes as in the console. A link that is not there matters more than the phase. */
function stateOf(host: Host): {
  readonly shape: string;
  readonly word: string;
  readonly tone: string;
} {
  if (host.link.state === "lost") return { shape: "?", word: "lost", tone: "bad" };
  if (host.link.state === "never") return { shape: "?", word: "never seen", tone: "unknown" };
  if (host.link.state === "late") return { shape: "?", word: "late", tone: "warn" };
  const { verdict } = host.health;
  if (verdict === "failed" || verdict === "failing") {
    return { shape: "▲", word: verdict, tone: "bad" };
  }
  if (verdict === "degraded") return { shape: "▲", word: verdict, tone: "warn" };
  return phaseShapes[host.phase] ?? { shape: "?", word: host.lifecycle, tone: "unknown" };
}

const phaseShapes: Readonly<Record<string, { shape: string; word: string; tone: string }>> = {
  active: { shape: "●", word: "active", tone: "ok" },
  available: { shape: "●", word: "available", tone: "ok" },
  new: { shape: "┄", word: "new", tone: "unknown" },
  planned: { shape: "┄", word: "planned", tone: "unknown" },
  drained: { shape: "○", word: "drained", tone: "unknown" },
  quarantined: { shape: "■", word: "quarantined", tone: "bad" },
  retired: { shape: "○", word: "retired", tone: "unknown" },
};

function shownValue(host: Host, value: ElevationValue, word: string): string {
  switch (value) {
    case "state":
      return word;
    case "watts":
      return host.power.watts === null ? "not seen" : `${Math.round(host.power.watts)} W`;
    case "cpu":
      return host.latest.cpuUtilization === null
        ? "not seen"
        : `${Math.round(host.latest.cpuUtilization * 100)} %`;
    case "class":
      return host.hardwareClass ?? "unknown";
  }
}

function clip(text: string, charactersMax: number): string {
  const characters = [...text];
  return characters.length <= charactersMax
    ? text
    : `${characters.slice(0, charactersMax - 1).join("")}…`;
}

/** Characters that XML does not know at all are shown as what they are: unreadable. */
export function escapeXml(text: string): string {
  return text
    .replace(unreadable, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** Control characters, lone surrogates, and marks that turn the reading direction round. */
const unreadable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u001f\u007f-\u009f\ufffe\uffff\u200e\u200f\u202a-\u202e\u2066-\u2069]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** The quiet mark of what is simulated; the word stands in the title. */
const hatchPattern =
  '<defs><pattern id="hatch" width="4" height="4" patternUnits="userSpaceOnUse"><path class="stripe" d="M0 4 4 0"/></pattern></defs>';

const style = [
  "svg{color-scheme:light dark;font:12px system-ui,sans-serif;",
  "--surface:#fff;--raised:#f6f7f8;--line:#c9ced4;--text:#1a1d21;--dim:#59636e;",
  "--ok:#1a7f4b;--warn:#9a5b00;--bad:#c1272d;--unknown:#59636e}",
  "@media (prefers-color-scheme:dark){svg{--surface:#14171a;--raised:#1d2125;--line:#3b424a;",
  "--text:#e6e9ec;--dim:#9aa4ae;--ok:#5cc98f;--warn:#e5a84b;--bad:#ff7b7b;--unknown:#9aa4ae}}",
  ".surface{fill:var(--surface)}.frame{fill:none;stroke:var(--line)}.empty{stroke:var(--line)}",
  ".heading{fill:var(--text);font-size:13px;font-weight:600}",
  ".unit{fill:var(--dim);font-size:10px;font-variant-numeric:tabular-nums}.end{text-anchor:end}",
  ".host rect{fill:var(--raised);stroke:var(--line)}.host text{fill:var(--text)}",
  ".host .name{font-family:ui-monospace,monospace}",
  ".host .value{fill:var(--dim);font-variant-numeric:tabular-nums}",
  ".unseen rect{stroke-dasharray:4 3}.simulated .name{font-style:italic}",
  ".host .hatch{fill:url(#hatch);stroke:none}.stripe{stroke:var(--dim)}",
  ".ok .shape{fill:var(--ok)}.warn .shape{fill:var(--warn)}.bad .shape{fill:var(--bad)}",
  ".unknown .shape{fill:var(--unknown)}",
  "@media (forced-colors:active){svg{--surface:Canvas;--raised:Canvas;--line:CanvasText;",
  "--text:CanvasText;--dim:CanvasText;--ok:CanvasText;--warn:CanvasText;--bad:CanvasText;",
  "--unknown:CanvasText}}",
].join("");
