import type { Host } from "#fleet/api/host-schemas.ts";
import { axisTop } from "../chart/scales.ts";
import { figureText } from "../words/figures.ts";
import { lifecycleLook, type StateLook, worstLook } from "../words/state-words.ts";

/** What the boxes of an elevation show beside the name. */
export const cellKinds = {
  state: "State",
  lifecycle: "Lifecycle",
  watts: "Power",
  cpu: "CPU",
  temperature: "Temperature",
  class: "Class",
} as const;
export type CellKind = keyof typeof cellKinds;
export type HeatKind = "watts" | "cpu" | "temperature";

export interface Cell {
  readonly text: string;
  /** Place on the heat scale, 0 to 1; null where the kind has no scale. */
  readonly heat: number | null;
  /** True where the value should be there and was not seen: drawn as a pattern, never as a zero. */
  readonly isMissing: boolean;
}

/** From where to where a heat scale goes, in the metric's own unit. */
export interface HeatScale {
  readonly from: number;
  readonly to: number;
  readonly unit: string;
}

export function isHeatKind(kind: CellKind): kind is HeatKind {
  return kind === "watts" || kind === "cpu" || kind === "temperature";
}

/** Reads the kind that an address asks for. */
export function readCellKind(text: string | null): CellKind {
  return text !== null && Object.hasOwn(cellKinds, text) ? (text as CellKind) : "state";
}

/** One scale for all racks on a page: fixed for shares and degrees, up to the highest for watts. */
export function heatScale(kind: HeatKind, hosts: readonly Host[]): HeatScale {
  if (kind === "cpu") return { from: 0, to: 1, unit: "1" };
  if (kind === "temperature") return { from: 20, to: 100, unit: "Cel" };
  const watts = hosts.map((host) => host.power.watts ?? 0);
  return { from: 0, to: axisTop(Math.max(0, ...watts), "W"), unit: "W" };
}

export function cellOf(host: Host, kind: CellKind, scale: HeatScale | null): Cell {
  switch (kind) {
    case "state":
      return { text: worstLook(host).word, heat: null, isMissing: false };
    case "lifecycle":
      return { text: lifecycleLook(host.lifecycle).word, heat: null, isMissing: false };
    case "class":
      return host.hardwareClass === null
        ? { text: "no class yet", heat: null, isMissing: true }
        : { text: host.hardwareClass, heat: null, isMissing: false };
    case "watts":
    case "cpu":
    case "temperature":
      return heatCell(readHeat(host, kind), scale);
  }
}

/** The mark beside the name: of what the boxes are asked to show, else of what matters most. */
export function markOf(host: Host, kind: CellKind): StateLook {
  return kind === "lifecycle" ? lifecycleLook(host.lifecycle) : worstLook(host);
}

/** A lost host's figures are old: they are not shown as if they were of now. */
export function readHeat(host: Host, kind: HeatKind): number | null {
  if (host.link.state === "lost" || host.link.state === "never") return null;
  if (kind === "watts") return host.power.watts;
  return kind === "cpu" ? host.latest.cpuUtilization : host.latest.temperatureCelsius;
}

function heatCell(value: number | null, scale: HeatScale | null): Cell {
  if (value === null || scale === null) return { text: "not seen", heat: null, isMissing: true };
  const heat = (value - scale.from) / (scale.to - scale.from);
  return {
    text: figureText(value, scale.unit),
    heat: Math.min(1, Math.max(0, heat)),
    isMissing: false,
  };
}
