import type { Host } from "#fleet/api/host-schemas.ts";
import type { RackDetail } from "#fleet/api/place-schemas.ts";
import { paint, type Tone } from "./paint.ts";
import type { Terminal } from "./terminal.ts";
import { percent, safeText, watts } from "./words.ts";

export const rackValues = ["state", "watts", "cpu", "class"] as const;
export type RackValue = (typeof rackValues)[number];

const nameWidth = 24;
const valueWidth = 16;
const insideWidth = 2 + nameWidth + 2 + valueWidth;

/** A rack's front from the top unit down: the same shapes and words as in the picture. */
export function drawRack(terminal: Terminal, rack: RackDetail, value: RackValue): string {
  const { supply } = rack;
  const lines = [
    `${rack.region} / ${rack.site} / ${rack.row} / ${rack.rack}`,
    `${supply.hosts} hosts in ${rack.heightUnits} units, ${watts(supply.watts)} from ${Math.round(supply.wattsCoverage * supply.hosts)} of them`,
    `   ┌${"─".repeat(insideWidth + 2)}┐`,
  ];
  const starts = new Map(rack.slots.map((slot) => [slot.unit + slot.heightUnits - 1, slot]));
  let unit = rack.heightUnits;
  while (unit >= 1) {
    const slot = starts.get(unit);
    const height = slot?.heightUnits ?? 1;
    for (let below = 0; below < height && unit >= 1; below += 1) {
      const inside =
        slot === undefined
          ? " ".repeat(insideWidth)
          : below === 0
            ? drawHost(terminal, slot.host, value)
            : `┊${" ".repeat(insideWidth - 1)}`;
      const number = String(unit).padStart(2);
      lines.push(`${number} │ ${inside} │ ${number}`);
      unit -= 1;
    }
  }
  lines.push(`   └${"─".repeat(insideWidth + 2)}┘`);
  return `${lines.join("\n")}\n`;
}

function drawHost(terminal: Terminal, host: Host, value: RackValue): string {
  const { shape, word, tone } = stateOf(host);
  const name = host.simulated ? `${host.name} (simulated)` : host.name;
  const text = value === "state" ? word : shownValue(host, value);
  return `${paint(terminal, tone, shape)} ${padTo(name, nameWidth)}  ${padLeftTo(text, valueWidth)}`;
}

function shownValue(host: Host, value: Exclude<RackValue, "state">): string {
  if (value === "class") return host.hardwareClass ?? "unknown";
  return value === "watts" ? watts(host.power.watts) : percent(host.latest.cpuUtilization);
}

function stateOf(host: Host): {
  readonly shape: string;
  readonly word: string;
  readonly tone: Tone;
} {
  if (host.link.state === "lost") return { shape: "?", word: "lost", tone: "bad" };
  if (host.link.state === "never") return { shape: "?", word: "never seen", tone: "dim" };
  if (host.link.state === "late") return { shape: "?", word: "late", tone: "warn" };
  const { verdict } = host.health;
  if (verdict === "degraded") return { shape: "▲", word: verdict, tone: "warn" };
  if (verdict === "failing" || verdict === "failed") {
    return { shape: "▲", word: verdict, tone: "bad" };
  }
  return shapes[host.phase] ?? { shape: "?", word: host.lifecycle, tone: "dim" };
}

const shapes: Readonly<Record<string, { shape: string; word: string; tone: Tone }>> = {
  active: { shape: "●", word: "active", tone: "ok" },
  available: { shape: "●", word: "available", tone: "ok" },
  new: { shape: "┄", word: "new", tone: "dim" },
  planned: { shape: "┄", word: "planned", tone: "dim" },
  drained: { shape: "○", word: "drained", tone: "plain" },
  quarantined: { shape: "■", word: "quarantined", tone: "bad" },
  retired: { shape: "○", word: "retired", tone: "dim" },
};

function padTo(text: string, width: number): string {
  const characters = [...safeText(text)];
  if (characters.length <= width) return characters.join("").padEnd(width);
  return `${characters.slice(0, width - 1).join("")}…`;
}

function padLeftTo(text: string, width: number): string {
  return padTo(text, width).trimEnd().padStart(width);
}
