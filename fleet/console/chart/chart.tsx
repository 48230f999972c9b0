import { type KeyboardEvent, useState } from "react";
import { useZone } from "../parts/zone.tsx";
import { formatShare } from "../words/figures.ts";
import { gapReason } from "../words/gap-words.ts";
import { formatAbsolute, formatTime } from "../words/time-words.ts";
import { type ChartData, isEmptyChart } from "./chart-data.ts";
import { ChartReadout } from "./chart-readout.tsx";
import { ChartTable } from "./chart-table.tsx";
import { chooseSeries } from "./choose-series.ts";
import { useSetCursor } from "./cursor.tsx";
import { cursorStep } from "./cursor-step.ts";
import { seriesColours, usePlot } from "./use-plot.ts";

export interface ChartActions {
  readonly onZoom: (fromMs: number, toMs: number) => void;
  readonly onZoomOut: () => void;
}

/**
 * One figure over time: title with the values at the cursor, the picture, how much of the range was
 * seen, and the same data as a table. Drag or + to zoom, double click or - back.
 */
export function Chart({
  id,
  title,
  data,
  actions,
  whyEmpty,
  isTable,
  onTable,
}: {
  readonly id: string;
  readonly title: string;
  readonly data: ChartData;
  readonly actions: ChartActions;
  readonly whyEmpty: string;
  readonly isTable: boolean;
  readonly onTable: () => void;
}) {
  const { drawn, left } = chooseSeries(data, seriesColours);
  return (
    <figure className="chart" data-chart={id} aria-labelledby={`${id}-title`}>
      <figcaption>
        <h3 id={`${id}-title`}>{title}</h3>
        <button type="button" className="button small" aria-pressed={isTable} onClick={onTable}>
          table<span className="for-readers"> of {title}</span>
        </button>
      </figcaption>
      {isTable ? (
        <ChartTable title={title} data={data} />
      ) : isEmptyChart(data) ? (
        <p className="chart-empty">
          <span>Nothing seen in this range.</span> <span className="dim">{whyEmpty}</span>
        </p>
      ) : (
        <DrawnChart title={title} data={drawn} actions={actions} />
      )}
      <p className="chart-foot dim small">
        <Coverage data={data} />
        {left === 0 ? null : <span>{left} more in the table</span>}
      </p>
    </figure>
  );
}

function DrawnChart({
  title,
  data,
  actions,
}: {
  readonly title: string;
  readonly data: ChartData;
  readonly actions: ChartActions;
}) {
  const { zone } = useZone();
  const setCursor = useSetCursor();
  // The time and not its row: the window moves on under the cursor.
  const [atMs, setAtMs] = useState<number | null>(null);
  const { place, plot } = usePlot(data, { zoom: actions.onZoom, zoomOut: actions.onZoomOut });

  const point = (timeMs: number | null): void => {
    setAtMs(timeMs);
    setCursor(timeMs);
  };
  const onKey = (event: KeyboardEvent): void => {
    const rows = plot.current?.rows() ?? 0;
    const row = atMs === null ? null : Math.round((atMs - data.fromMs) / data.stepMs);
    const step = cursorStep({ key: event.key, isLarge: event.shiftKey, row, rows });
    if (step === null) return;
    event.preventDefault();
    if (step.kind === "row") {
      point(step.row === null ? null : (plot.current?.read(step.row)?.timeMs ?? null));
    } else if (step.kind === "zoom-in") {
      const { fromMs, toMs, timesMs } = data;
      actions.onZoom(timesMs[step.fromRow] ?? fromMs, timesMs[step.toRow] ?? toMs);
    } else actions.onZoomOut();
  };
  const range = `${formatAbsolute(data.fromMs, zone)} to ${formatTime(data.toMs, zone)}`;
  return (
    <>
      <ChartReadout data={data} plot={plot} isByKey={atMs !== null} />
      <div
        ref={place}
        className="plot"
        role="img"
        // A picture that the arrow keys read: what they point at is told by the line above it.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
        tabIndex={0}
        aria-label={`${title}, ${range}. Arrow keys read values, plus and minus zoom.`}
        onKeyDown={onKey}
        onBlur={() => {
          if (atMs !== null) point(null);
        }}
      />
    </>
  );
}

/** A gap stays a gap, and how much was seen stands under the range. */
function Coverage({ data }: { readonly data: ChartData }) {
  const { zone } = useZone();
  const share = formatShare(data.coverage);
  const reasons = [...new Set(data.gaps.map((gap) => gapReason(gap.reason)))];
  const step = data.stepMs > 1_000 ? ` · ${data.stepMs / 1_000} s mean, min–max` : "";
  return (
    <span data-coverage={data.coverage}>
      <span className="figure">
        {formatTime(data.fromMs, zone)} – {formatTime(data.toMs, zone, "time")}
      </span>{" "}
      · {share.digits} % seen
      {reasons.length === 0 ? "" : ` · missing: ${reasons.join(", ")}`}
      {data.sources.map(({ fromMs, source }, place) =>
        data.sources.length === 1
          ? ` · by ${source}`
          : ` · ${place === 0 ? "by" : `from ${formatTime(fromMs, zone, "time")} by`} ${source}`,
      )}
      {step}
    </span>
  );
}
