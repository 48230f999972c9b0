import uPlot from "uplot";
import type { ChartData } from "./chart-data.ts";
import { isolatedRows, realGaps } from "./real-gaps.ts";
import { plotRows, type PlotRows } from "./plot-rows.ts";
import { axisTicks, axisTop } from "./scales.ts";
import { formatTime, type TimeParts } from "../words/time-words.ts";
import { figureText } from "../words/figures.ts";
import { highestOf } from "./chart-data.ts";

/** What a plot is drawn with; read from the page, because a canvas knows no style sheets. */
export interface PlotColours {
  readonly series: readonly string[];
  readonly text: string;
  readonly line: string;
  readonly font: string;
  /** True where the system's few colours are used: then lines differ by their dashes. */
  readonly areFew: boolean;
}

export interface PlotSettings {
  readonly colours: PlotColours;
  readonly zone: string;
  readonly heightPx: number;
  /** The pointer moved over this plot; null: it left. */
  readonly onPoint: (timeMs: number | null) => void;
  readonly onZoom: (fromMs: number, toMs: number) => void;
  readonly onZoomOut: () => void;
}

/** A picture of a chart's data that follows it. */
export interface Plot {
  show(data: ChartData): void;
  resize(widthPx: number): void;
  /** Puts the cursor at a time, as another chart or the keyboard says. */
  point(timeMs: number | null): void;
  /** What is drawn at a row: the plot's own values, not what it was given. */
  read(row: number): PlotReading | null;
  rows(): number;
  end(): void;
}

export interface PlotReading {
  readonly timeMs: number;
  readonly values: readonly (number | null)[];
}

const dashes = [[], [], [6, 3], [6, 3], [2, 3], [2, 3]] as const;
const leftAxisPx = 62;
const bottomAxisPx = 24;

export function createPlot(place: HTMLElement, first: ChartData, settings: PlotSettings): Plot {
  let data = first;
  let rows = plotRows(first);
  const plot = new uPlot(optionsOf(), alignedOf(rows), place);
  // Only what the hand does moves the cursor of all charts: uPlot's own hook also fires when data
  // come, with the place where the cursor was.
  plot.over.addEventListener("mousemove", ({ clientX }) => {
    const row = plot.posToIdx(clientX - plot.over.getBoundingClientRect().left);
    settings.onPoint(plot.data[0]?.[row] ?? null);
  });
  plot.over.addEventListener("mouseleave", () => settings.onPoint(null));

  function zoomOut(): null {
    settings.onZoomOut();
    return null;
  }

  function optionsOf(): uPlot.Options {
    const { colours, zone } = settings;
    const axis = {
      stroke: colours.text,
      font: colours.font,
      grid: { stroke: colours.line, width: 1 },
      ticks: { show: false },
    };
    return {
      width: Math.max(100, place.clientWidth),
      height: settings.heightPx,
      ms: 1,
      tzDate: (timeMs) => uPlot.tzDate(new Date(timeMs), zone),
      padding: [8, 26, 0, 0],
      legend: { show: false },
      scales: {
        x: {
          time: true,
          range: () => [data.fromMs, Math.max(data.fromMs + 1, data.toMs - data.stepMs)],
        },
        y: { range: () => [0, axisTop(highestOf(data), data.unit)] },
      },
      axes: [
        {
          ...axis,
          size: bottomAxisPx,
          space: 64,
          values: (_plot, times) => times.map((timeMs) => formatTime(timeMs, zone, partsFor(data))),
        },
        {
          ...axis,
          size: leftAxisPx,
          splits: () => axisTicks(axisTop(highestOf(data), data.unit), data.unit),
          values: (_plot, ticks) => ticks.map((tick) => tickText(tick, data.unit)),
        },
      ],
      series: [{}, ...rows.lines.map((line) => seriesOf(line, colours))],
      bands: rows.bands.map(({ max, min, colour }) => ({
        series: [max, min],
        fill: withAlpha(colours.series[colour] ?? colours.text, 0.25),
      })),
      cursor: {
        y: false,
        points: { size: 7 },
        drag: { x: true, y: false, setScale: false, dist: 4 },
        bind: { dblclick: () => zoomOut },
      },
      hooks: {
        setSelect: [
          (drawn) => {
            const { left, width } = drawn.select;
            if (width < 4) return;
            settings.onZoom(drawn.posToVal(left, "x"), drawn.posToVal(left + width, "x"));
            drawn.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          },
        ],
        drawClear: [(drawn) => drawGaps(drawn, data, settings.colours)],
      },
    };
  }

  return {
    show(next) {
      data = next;
      rows = plotRows(next);
      plot.setData(alignedOf(rows), true);
    },
    resize(widthPx) {
      if (widthPx > 0 && Math.abs(widthPx - plot.width) >= 1) {
        plot.setSize({ width: widthPx, height: settings.heightPx });
      }
    },
    point(timeMs) {
      const left = timeMs === null ? -10 : plot.valToPos(timeMs, "x");
      plot.setCursor({ left, top: timeMs === null ? -10 : 0 });
    },
    read(row) {
      const timeMs = plot.data[0]?.[row];
      if (timeMs === undefined) return null;
      const values = rows.lines.flatMap((line, index) =>
        line.kind === "line" ? [plot.data[index + 1]?.[row] ?? null] : [],
      );
      return { timeMs, values };
    },
    rows: () => plot.data[0]?.length ?? 0,
    end: () => plot.destroy(),
  };
}

/** Two plots may share one instance while this stays the same; else a new one is made. */
export function plotShape(data: ChartData): string {
  return JSON.stringify([data.unit, data.series.map(({ name, band }) => [name, band !== null])]);
}

function seriesOf(line: PlotRows["lines"][number], colours: PlotColours): uPlot.Series {
  if (line.kind === "edge") return { show: true, points: { show: false } };
  const stroke = colours.series[line.colour] ?? colours.text;
  return {
    stroke,
    dash: colours.areFew ? [...(dashes[line.colour] ?? [])] : [],
    width: 1.25,
    spanGaps: false,
    gaps: (drawn, index) => {
      const pxOf = (row: number) => drawn.valToPos(drawn.data[0]?.[row] ?? 0, "x", true);
      return realGaps(listOf(drawn.data[index])).map(({ from, to }) => [pxOf(from), pxOf(to)]);
    },
    points: {
      size: 4,
      fill: stroke,
      // A point without neighbours would not be seen as a line.
      show: true,
      filter: (drawn, index) => isolatedRows(listOf(drawn.data[index])),
    },
  };
}

function alignedOf(rows: PlotRows): uPlot.AlignedData {
  return [[...rows.timesMs], ...rows.lines.map(({ values }) => [...values])];
}

function listOf(
  values: uPlot.AlignedData[number] | undefined,
): readonly (number | null | undefined)[] {
  return values === undefined ? [] : Array.from(values);
}

/** Where the agent or the manager says that points are missing: a hatch, so that it is no accident. */
function drawGaps(plot: uPlot, data: ChartData, colours: PlotColours): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.strokeStyle = colours.line;
  ctx.lineWidth = 1;
  for (const gap of data.gaps) {
    const left = plot.valToPos(Math.max(gap.from, data.fromMs), "x", true);
    const right = plot.valToPos(Math.min(gap.to, data.toMs), "x", true);
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, bbox.top, Math.max(1, right - left), bbox.height);
    ctx.clip();
    ctx.beginPath();
    for (let x = left - bbox.height; x < right; x += 8) {
      ctx.moveTo(x, bbox.top + bbox.height);
      ctx.lineTo(x + bbox.height, bbox.top);
    }
    ctx.stroke();
    ctx.restore();
  }
  ctx.restore();
}

function partsFor({ fromMs, toMs }: ChartData): TimeParts {
  const spanMs = toMs - fromMs;
  if (spanMs <= 20 * 60_000) return "time";
  return spanMs <= 26 * 3_600_000 ? "time-minutes" : "date-minutes";
}

/** A tick without digits that say nothing: `50 %`, not `50.0 %`. */
function tickText(tick: number, unit: string): string {
  return figureText(tick, unit).replace(/\.0+ /, " ");
}

/** A computed colour (`rgb(1, 2, 3)`) made see-through. */
function withAlpha(colour: string, alpha: number): string {
  const channels = /^rgba?\(([^)]*)\)$/
    .exec(colour)?.[1]
    ?.split(/[\s,/]+/)
    .slice(0, 3);
  return channels === undefined ? colour : `rgb(${channels.join(" ")} / ${alpha})`;
}
