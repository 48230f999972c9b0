import { memo } from "react";
import { useZone } from "../parts/zone.tsx";
import { Figure } from "../parts/figure.tsx";
import { formatTime, formatZone } from "../words/time-words.ts";
import type { ChartData } from "./chart-data.ts";

/** The chart's data, newest first. Each cell carries the exact value; `not seen` is never a zero. */
export function ChartTable({ title, data }: { readonly title: string; readonly data: ChartData }) {
  const { zone } = useZone();
  const zoneName = formatZone(data.fromMs, zone);
  const rows = data.timesMs.map((_, row) => row).reverse();
  return (
    // It scrolls by itself, so the keyboard must be able to go there.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section className="chart-table" tabIndex={0} aria-label={`${title}, as a table`}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Time, {zoneName}</th>
            {data.series.map(({ name }) => (
              <th key={name} scope="col" className="end">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row
              key={data.timesMs[row]}
              timeMs={data.timesMs[row] ?? 0}
              zone={zone}
              unit={data.unit}
              values={JSON.stringify(data.series.map(({ values }) => values[row] ?? null))}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Rows of old times do not change: their values come as text, so that memo can compare them. */
const Row = memo(function Row({
  timeMs,
  zone,
  unit,
  values,
}: {
  readonly timeMs: number;
  readonly zone: string;
  readonly unit: string;
  readonly values: string;
}) {
  const list = JSON.parse(values) as readonly (number | null)[];
  return (
    <tr data-time={timeMs}>
      <th scope="row" className="figure">
        {formatTime(timeMs, zone)}
      </th>
      {list.map((value, index) => (
        // Series keep their places for as long as the table stands.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <td key={index} className="end">
          <data value={value ?? ""}>
            <Figure value={value} unit={unit} />
          </data>
        </td>
      ))}
    </tr>
  );
});
