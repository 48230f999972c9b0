import type { Host } from "#fleet/api/host-schemas.ts";
import { figureText } from "../words/figures.ts";
import { healthLooks, lifecycleLook, linkLooks } from "../words/state-words.ts";
import { type RackBox, unitWords } from "./elevation-layout.ts";

/** A box in words: for readers, and the same as the panel shows. */
export function describeBox(box: RackBox): string {
  const unit = unitWords(box.unit, box.heightUnits);
  if (box.kind === "free") return `${unit}: free`;
  const { host } = box;
  const health = healthLooks[host.health.verdict];
  const words = [
    lifecycleLook(host.lifecycle).word,
    linkLooks[host.link.state].word,
    health.tone === "ok" || health.tone === "unknown" ? null : `health ${health.word}`,
    host.power.watts === null ? null : figureText(host.power.watts, "W"),
    host.simulated ? "simulated" : null,
  ];
  return `${unit}: ${host.name}, ${words.filter((word) => word !== null).join(", ")}`;
}

/** As many characters as the width holds, the last one an ellipsis where some are left out. */
export function clipText(text: string, widthPx: number, characterPx: number): string {
  const room = Math.max(1, Math.floor(widthPx / characterPx));
  const characters = [...text];
  return characters.length <= room ? text : `${characters.slice(0, room - 1).join("")}…`;
}

/** True where every word stands in the host's name, class, serial or state: others are dimmed. */
export function matchesWords(host: Host, words: string): boolean {
  const text = [host.name, host.hardwareClass, host.serial, host.lifecycle, host.link.state]
    .join(" ")
    .toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
