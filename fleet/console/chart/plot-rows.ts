import type { ChartData } from "./chart-data.ts";

/** The lists that a plot is made of, in its order: each line, and beside it the edges of its band. */
export interface PlotRows {
  readonly timesMs: readonly number[];
  readonly lines: readonly {
    /** `edge`: not drawn itself, it bounds a band. */
    readonly kind: "line" | "edge";
    /** Which of the series' colours. */
    readonly colour: number;
    readonly values: readonly (number | null)[];
  }[];
  /** Places of the edges among the plot's lists, whose first one is the times. */
  readonly bands: readonly {
    readonly max: number;
    readonly min: number;
    readonly colour: number;
  }[];
}

export function plotRows(data: ChartData): PlotRows {
  const lines: PlotRows["lines"][number][] = [];
  const bands: PlotRows["bands"][number][] = [];
  data.series.forEach(({ values, band }, colour) => {
    if (band !== null) {
      lines.push(
        { kind: "edge", colour, values: band.min },
        { kind: "edge", colour, values: band.max },
      );
      bands.push({ min: lines.length - 1, max: lines.length, colour });
    }
    lines.push({ kind: "line", colour, values });
  });
  return { timesMs: data.timesMs, lines, bands };
}
