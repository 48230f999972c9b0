import type { ReactNode } from "react";
import { Link } from "react-router";
import type { RegionList, Supply } from "#fleet/api/place-schemas.ts";
import { rowProps } from "../../keys/row-focus.ts";
import { useBlindCell, useCells } from "../../api/cells.ts";
import { BlindMark } from "../../parts/cell-notes.tsx";
import { Simulated } from "../../parts/simulated.tsx";
import { StateCounts } from "../../parts/state.tsx";
import { MeanShare, Watts } from "../../parts/supply.tsx";
import { useNow } from "../../parts/now.ts";
import { formatCount } from "../../words/figures.ts";
import { formatTime, formatZone, knownZone } from "../../words/time-words.ts";

const heads = [
  "Site",
  "Racks",
  "Hosts",
  "Link",
  "Lifecycle",
  "Health",
  "Power",
  "CPU, mean",
] as const;

/** Every region with its sites; one line a site, all figures beneath each other. */
export function RegionTable({ regions }: { readonly regions: RegionList }) {
  const { blind } = useCells();
  const isBlind = (site: { readonly cell: string }) =>
    blind.some((cell) => cell.name === site.cell);
  return (
    <table className="table sites" aria-label="Regions and sites">
      <thead>
        <tr>
          {heads.map((head) => (
            <th key={head} scope="col" className={isFigure(head) ? "end" : ""}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      {regions.items.map((region) => (
        <tbody key={region.region}>
          <tr className={region.sites.some(isBlind) ? "group is-blind" : "group"}>
            <th scope="rowgroup">
              {region.name} <span className="mono dim">{region.region}</span>
            </th>
            {region.sites.length === 0 ? (
              <td colSpan={heads.length - 1} className="dim">
                no site yet
              </td>
            ) : (
              <SupplyCells racks={null} supply={region.supply} />
            )}
          </tr>
          {region.sites.map((site) => (
            <SiteRow key={`${site.cell} ${site.code}`} cell={site.cell}>
              <th scope="row" className="indent">
                <Link
                  {...rowProps}
                  to={`/racks?site=${encodeURIComponent(site.code)}`}
                  className="mono"
                >
                  {site.code}
                </Link>
                <SiteTime zone={site.timeZone} /> <BlindMark name={site.cell} />
              </th>
              <SupplyCells racks={site.racks} supply={site.supply} />
            </SiteRow>
          ))}
        </tbody>
      ))}
    </table>
  );
}

/** Dimmed where its cell is blind. */
function SiteRow({ cell, children }: { readonly cell: string; readonly children: ReactNode }) {
  const blind = useBlindCell(cell);
  return <tr className={blind === null ? "" : "is-blind"}>{children}</tr>;
}

function SupplyCells({
  racks,
  supply,
}: {
  readonly racks: number | null;
  readonly supply: Supply;
}) {
  return (
    <>
      <td className="end figure" data-head="Racks">
        {racks === null ? "" : formatCount(racks)}
      </td>
      <td className="end figure" data-head="Hosts">
        {formatCount(supply.hosts)} {supply.simulated === 0 ? null : <Simulated isShort />}
      </td>
      <td data-head="Link">
        <StateCounts kind="link" counts={supply.byLink} />
      </td>
      <td data-head="Lifecycle">
        <StateCounts kind="lifecycle" counts={supply.byLifecycle} />
      </td>
      <td data-head="Health">
        <StateCounts kind="health" counts={supply.byHealth} />
      </td>
      <td className="end" data-head="Power">
        <Watts supply={supply} />
      </td>
      <td className="end" data-head="CPU">
        <MeanShare share={supply.cpuUtilization} why="no host here says its CPU" />
      </td>
    </>
  );
}

/** What the clocks there show: a bad night is somebody's day. */
function SiteTime({ zone }: { readonly zone: string | null }) {
  const known = knownZone(zone);
  const words = useNow((nowMs) =>
    known === null ? "" : `${formatTime(nowMs, known, "time-minutes")} ${formatZone(nowMs, known)}`,
  );
  return known === null ? null : (
    <span className="dim small figure" title={known}>
      {words}
    </span>
  );
}

function isFigure(head: (typeof heads)[number]): boolean {
  return ["Racks", "Hosts", "Power", "CPU, mean"].includes(head);
}
