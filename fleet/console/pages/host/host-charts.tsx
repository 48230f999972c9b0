import { useMemo } from "react";
import type { Host } from "#fleet/api/host-schemas.ts";
import type { HostInventory } from "#fleet/api/inventory-schemas.ts";
import {
  fixedRange,
  lastRange,
  readRange,
  type TimeRange,
  writeRange,
} from "../../address/time-range.ts";
import { ApiError } from "../../api/client.ts";
import { Chart, type ChartActions } from "../../chart/chart.tsx";
import { CursorProvider } from "../../chart/cursor.tsx";
import { type ChartSpec, chartSpecs } from "./chart-specs.ts";
import { useAddress } from "../../parts/use-address.ts";
import { RangePicker } from "./range-picker.tsx";
import { readTables, toggleTable } from "./table-choice.ts";
import { useRangeData } from "./use-range-data.ts";
import { whyUnseen } from "./why-unseen.ts";

/** The host's figures over one range of time, with one cursor; range and tables are in the address. */
export function HostCharts({
  host,
  inventory,
}: {
  readonly host: Host;
  readonly inventory: HostInventory | undefined;
}) {
  const [address, changeAddress] = useAddress();
  const text = address.toString();
  const range = useMemo(() => readRange(new URLSearchParams(text)), [text]);
  const setRange = (next: TimeRange) =>
    changeAddress((now) => writeRange(now, next), { replace: false });
  const actions: ChartActions = {
    onZoom: (fromMs, toMs) => setRange(fixedRange(fromMs, toMs, range.preset)),
    onZoomOut: () => {
      if (range.kind === "fixed") setRange(lastRange(range.preset));
    },
  };
  const tables = readTables(address);
  return (
    <section aria-labelledby="figures" className="host-charts">
      <h2 id="figures">Figures</h2>
      <RangePicker range={range} onRange={setRange} />
      <CursorProvider>
        <div className="charts">
          {chartSpecs.map((spec) => (
            <RangeChart
              key={spec.id}
              hostId={host.id}
              spec={spec}
              range={range}
              actions={actions}
              whyEmpty={whyUnseen(host, inventory, spec.metric)}
              isTable={tables.has(spec.id)}
              onTable={() => changeAddress((now) => toggleTable(now, spec.id))}
            />
          ))}
        </div>
      </CursorProvider>
    </section>
  );
}

function RangeChart({
  hostId,
  spec,
  range,
  ...shown
}: {
  readonly hostId: string;
  readonly spec: ChartSpec;
  readonly range: TimeRange;
  readonly actions: ChartActions;
  readonly whyEmpty: string;
  readonly isTable: boolean;
  readonly onTable: () => void;
}) {
  const { data, error, isFetching, refetch } = useRangeData(hostId, spec, range);
  if (data !== undefined) return <Chart id={spec.id} title={spec.title} data={data} {...shown} />;
  return (
    <figure className="chart" data-chart={spec.id}>
      <figcaption>
        <h3>{spec.title}</h3>
      </figcaption>
      <p className="chart-empty">
        {error === null || isFetching ? (
          ""
        ) : error instanceof ApiError && error.code === "split-unknown" ? (
          <>
            <span>Not split like this.</span> <span className="dim">{error.message}</span>
          </>
        ) : (
          <>
            <span>{error.message}</span>{" "}
            <button type="button" className="button small" onClick={() => void refetch()}>
              try again
            </button>
          </>
        )}
      </p>
      <p className="chart-foot" />
    </figure>
  );
}
