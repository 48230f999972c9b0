import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { Link } from "react-router";
import type { Host } from "#fleet/api/host-schemas.ts";
import type { Rack, RackDetail } from "#fleet/api/place-schemas.ts";
import { useLiveRefresh } from "../../api/live.tsx";
import { asks } from "../../api/queries.ts";
import type { CellKind, HeatScale } from "../../elevation/cell-value.ts";
import { Elevation, elevationSizes } from "../../elevation/elevation.tsx";
import type { RackBox } from "../../elevation/elevation-layout.ts";
import { rowProps } from "../../keys/row-focus.ts";
import { MeanShare, Watts } from "../../parts/supply.tsx";
import { countOf } from "../../words/figures.ts";
import { rackPath } from "../../words/place-words.ts";
import { useInView } from "./use-in-view.ts";

/** Many racks stand on one page: their figures move slowly, their states at once. */
const figuresEveryMs = 10_000;

/** One rack of a row: name, supply, picture. Asked for when it comes into view; its room is kept. */
export function RackColumn({
  rack,
  kind,
  scale,
  isDimmed,
  onActive,
  search,
}: {
  readonly rack: Rack;
  readonly kind: CellKind;
  readonly scale: HeatScale | null;
  readonly isDimmed: (host: Host) => boolean;
  readonly onActive: (rack: Rack, box: RackBox | null) => void;
  readonly search: string;
}) {
  const { ref, isInView } = useInView<HTMLLIElement>();
  const detail = useQuery({ ...asks.rack(rack.id), enabled: isInView });
  useRackRefresh(rack.id, detail.data, isInView ? figuresEveryMs : null);
  const { unitPx, boxPx } = elevationSizes.inRow;
  return (
    <li ref={ref} className="rack-column">
      <h3>
        <Link {...rowProps} to={`${rackPath(rack.id)}${search}`} className="mono">
          {rack.rack}
        </Link>
      </h3>
      <p className="rack-supply small">
        <span className="dim">{countOf(rack.supply.hosts, "host")}</span>
        <Watts supply={rack.supply} />
        <MeanShare share={rack.supply.cpuUtilization} why="no host here says its CPU" />
      </p>
      {detail.data === undefined ? (
        <svg
          className="elevation"
          width={boxPx + 44}
          height={rack.heightUnits * unitPx + 2}
          aria-hidden="true"
        >
          <rect
            className="rack-frame"
            x="21.5"
            y="0.5"
            width={boxPx + 1}
            height={rack.heightUnits * unitPx + 1}
          />
        </svg>
      ) : (
        <Elevation
          rack={detail.data}
          kind={kind}
          scale={scale}
          size={elevationSizes.inRow}
          isDimmed={isDimmed}
          onActive={(box) => onActive(rack, box)}
        />
      )}
      {detail.error && !detail.isFetching ? (
        <p className="tone-bad small">{detail.error.message}</p>
      ) : null}
    </li>
  );
}

/** Asks for the rack again when its hosts move: states at once, figures every so often; null: never. */
export function useRackRefresh(
  rackId: string,
  rack: RackDetail | undefined,
  figuresMs: number | null,
): void {
  const queries = useQueryClient();
  const hostIds = useMemo(() => new Set(rack?.slots.map(({ host }) => host.id)), [rack]);
  const refresh = () => {
    if (figuresMs !== null) void queries.invalidateQueries({ queryKey: ["rack", rackId] });
  };
  useLiveRefresh(
    (event) => event.kind === "host-telemetry" && hostIds.has(event.hostId),
    refresh,
    figuresMs ?? 60_000,
  );
  // A host that is new here is not among the known ones yet.
  useLiveRefresh(
    (event) =>
      event.kind === "host-changed" ||
      ("hostId" in event && event.kind !== "host-telemetry" && hostIds.has(event.hostId)),
    refresh,
  );
}
