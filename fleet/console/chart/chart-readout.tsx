import type { RefObject } from "react";
import { Figure } from "../parts/figure.tsx";
import { useZone } from "../parts/zone.tsx";
import { figureText } from "../words/figures.ts";
import { formatAbsolute, formatTime, formatZone } from "../words/time-words.ts";
import type { ChartData } from "./chart-data.ts";
import { useCursorTime } from "./cursor.tsx";
import type { Plot } from "./plot.ts";

/**
 * The exact values and the time at the cursor, as the plot holds them; without a cursor the newest.
 * Told to a screen reader only while the keyboard moves it.
 */
export function ChartReadout({
  data,
  plot,
  isByKey,
}: {
  readonly data: ChartData;
  readonly plot: RefObject<Plot | null>;
  readonly isByKey: boolean;
}) {
  const { zone } = useZone();
  const timeMs = useCursorTime();
  const isInside = timeMs !== null && timeMs >= data.fromMs && timeMs < data.toMs;
  const row = isInside ? Math.round((timeMs - data.fromMs) / data.stepMs) : null;
  const reading = row === null ? null : (plot.current?.read(row) ?? null);
  const newest = newestRow(data);
  const shownMs = reading?.timeMs ?? (newest === null ? null : (data.timesMs[newest] ?? null));
  return (
    <p className="readout" aria-live={isByKey ? "polite" : "off"} data-at={reading?.timeMs}>
      {data.series.map(({ name, values }, index) => {
        const value =
          reading === null
            ? newest === null
              ? null
              : (values[newest] ?? null)
            : (reading.values[index] ?? null);
        return (
          <span key={name} className="reading">
            <span className={`swatch series-${index + 1}`} aria-hidden="true" />
            {data.series.length === 1 ? null : <span className="dim">{name} </span>}
            <data
              value={value ?? ""}
              title={value === null ? undefined : `${value} ${figureText(value, data.unit)}`}
            >
              <Figure value={value} unit={data.unit} />
            </data>
          </span>
        );
      })}
      {shownMs === null ? null : (
        <time
          className="dim small figure"
          dateTime={new Date(shownMs).toISOString()}
          title={formatAbsolute(shownMs, zone)}
        >
          {formatTime(shownMs, zone, "time")} {formatZone(shownMs, zone)}
        </time>
      )}
    </p>
  );
}

/** The last row in which any series was seen. */
function newestRow(data: ChartData): number | null {
  for (let row = data.timesMs.length - 1; row >= 0; row -= 1) {
    if (data.series.some(({ values }) => values[row] !== null)) return row;
  }
  return null;
}
