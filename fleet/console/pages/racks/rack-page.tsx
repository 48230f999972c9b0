import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useParams } from "react-router";
import type { RackDetail } from "#fleet/api/place-schemas.ts";
import { CellNameContext, useBlindCell } from "../../api/cells.ts";
import { asks } from "../../api/queries.ts";
import { BoxPanel } from "../../elevation/box-panel.tsx";
import { heatScale, isHeatKind, readCellKind } from "../../elevation/cell-value.ts";
import { Elevation, elevationSizes } from "../../elevation/elevation.tsx";
import { layOutRack, type RackBox } from "../../elevation/elevation-layout.ts";
import { KindSwitch } from "../../elevation/kind-switch.tsx";
import { Legend } from "../../elevation/legend.tsx";
import { BlindMark } from "../../parts/cell-notes.tsx";
import { Failed, Loading, Partial } from "../../parts/page-states.tsx";
import { useAddress, withParameter } from "../../parts/use-address.ts";
import { useSiteZone } from "../../parts/zone.tsx";
import { useWhere } from "../../shell/where.tsx";
import { PageHead } from "../page-head.tsx";
import { useRackRefresh } from "./rack-column.tsx";
import { RackSupply } from "./rack-supply.tsx";

const figuresEveryMs = 1_000;

/** One rack: its front, what it holds and draws, and the chosen unit's facts. */
export function RackPage() {
  const { rackId = "" } = useParams();
  const rack = useQuery(asks.rack(rackId));
  const regions = useQuery(asks.regions());
  const [site = "", row = "", name = ""] = rackId.split("~");
  const siteView = regions.data?.items
    .flatMap(({ sites }) => sites)
    .find(({ code }) => code === site);
  useSiteZone(site, siteView?.timeZone ?? null);
  useRackRefresh(rackId, rack.data, figuresEveryMs);
  useWhere([
    { words: "racks", to: "/racks" },
    { words: site, to: `/racks?site=${encodeURIComponent(site)}` },
    { words: row, to: null },
    { words: name, to: null },
  ]);
  if (rack.data === undefined) {
    return (
      <>
        <PageHead title={<span className="mono">{name}</span>} />
        {rack.error && !rack.isFetching ? (
          <Failed
            what={`rack ${rackId.replaceAll("~", "/")}`}
            error={rack.error}
            onRetry={() => void rack.refetch()}
          />
        ) : (
          <Loading what="the rack" />
        )}
      </>
    );
  }
  const cell = siteView?.cell ?? rack.data.slots[0]?.host.cell ?? null;
  return (
    <CellNameContext value={cell}>
      <RackView rack={rack.data} cell={cell} />
    </CellNameContext>
  );
}

function RackView({ rack, cell }: { readonly rack: RackDetail; readonly cell: string | null }) {
  const blind = useBlindCell(cell);
  const [address, changeAddress] = useAddress();
  const [active, setActive] = useState<RackBox | null>(null);
  const kind = readCellKind(address.get("show"));
  const hosts = rack.slots.map(({ host }) => host);
  const scale = isHeatKind(kind) ? heatScale(kind, hosts) : null;
  const { misplaced } = layOutRack(rack);
  const fresh = active === null ? null : refreshBox(active, rack);
  return (
    <div className={blind === null ? "page" : "page is-blind"}>
      <PageHead title={<span className="mono">{rack.rack}</span>}>
        <BlindMark name={cell} />
        <p className="dim mono">
          {rack.region} / {rack.site} / {rack.row}
        </p>
        <p>
          <Link
            to={`/hosts?selector=${encodeURIComponent(`site=${rack.site},row=${rack.row},rack=${rack.rack}`)}`}
          >
            as a list
          </Link>
        </p>
      </PageHead>
      <div className="tools">
        <KindSwitch
          kind={kind}
          onKind={(next) =>
            changeAddress((now) => withParameter(now, "show", next === "state" ? "" : next))
          }
        />
        <Legend hosts={hosts} scale={scale} />
      </div>
      {misplaced.length === 0 ? null : (
        <Partial>
          Not drawn, because the inventory puts them where another host is or where the rack has no
          unit: {misplaced.map(({ host, unit }) => `${host.name} (u${unit})`).join(", ")}. Place
          them anew.
        </Partial>
      )}
      <div className="rack-and-facts">
        <Elevation
          rack={rack}
          kind={kind}
          scale={scale}
          size={elevationSizes.alone}
          isDimmed={() => false}
          onActive={setActive}
        />
        <div className="rack-facts">
          <RackSupply rack={rack} />
          <BoxPanel rack={rack.rack} box={fresh} />
        </div>
      </div>
    </div>
  );
}

/** The chosen box with the figures of now. */
function refreshBox(box: RackBox, rack: RackDetail): RackBox {
  if (box.kind === "free") return box;
  const slot = rack.slots.find(({ host }) => host.id === box.host.id);
  return slot === undefined ? box : { kind: "host", ...slot };
}
