import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import type { Rack } from "#fleet/api/place-schemas.ts";
import { useLiveRefresh } from "../../api/live.tsx";
import { asks } from "../../api/queries.ts";
import { matchesWords } from "../../elevation/box-words.ts";
import { BoxPanel } from "../../elevation/box-panel.tsx";
import { isHeatKind, readCellKind } from "../../elevation/cell-value.ts";
import type { RackBox } from "../../elevation/elevation-layout.ts";
import { KindSwitch } from "../../elevation/kind-switch.tsx";
import { Legend } from "../../elevation/legend.tsx";
import { Command } from "../../parts/copy.tsx";
import { Empty, Failed, Loading } from "../../parts/page-states.tsx";
import { useAddress, withParameter } from "../../parts/use-address.ts";
import { useAddressText } from "../../parts/use-address-text.ts";
import { useSiteZone } from "../../parts/zone.tsx";
import { useWhere } from "../../shell/where.tsx";
import { countOf } from "../../words/figures.ts";
import { PageHead } from "../page-head.tsx";
import { RackColumn } from "./rack-column.tsx";
import { groupRows } from "./row-groups.ts";
import { SiteLinks } from "./site-links.tsx";
import { useShownHosts } from "./use-shown-hosts.ts";

/** The rows as they stand: elevations side by side, on one scale, one switch for all. */
export function RacksPage() {
  const [address, changeAddress] = useAddress();
  const queries = useQueryClient();
  const site = address.get("site");
  const kind = readCellKind(address.get("show"));
  const words = address.get("q") ?? "";
  const regions = useQuery(asks.regions());
  const racks = useQuery(asks.racks(null));
  const [active, setActive] = useState<{ readonly rack: Rack; readonly box: RackBox } | null>(null);
  const { hosts, scale } = useShownHosts(racks.data?.items ?? [], isHeatKind(kind) ? kind : null);
  const siteView = regions.data?.items
    .flatMap(({ sites }) => sites)
    .find(({ code }) => code === site);
  useSiteZone(site, siteView?.timeZone ?? null);
  useWhere([
    { words: "racks", to: site === null ? null : "/racks" },
    ...(site === null ? [] : [{ words: site, to: null }]),
  ]);
  useLiveRefresh(
    (event) => event.kind !== "host-telemetry",
    () => void queries.invalidateQueries({ queryKey: ["racks"] }),
    2_000,
  );
  const set = (name: string, value: string) =>
    changeAddress((now) => withParameter(now, name, value));

  if (racks.data === undefined) {
    return (
      <>
        <PageHead title="Racks" />
        {racks.error && !racks.isFetching ? (
          <Failed what="the racks" error={racks.error} onRetry={() => void racks.refetch()} />
        ) : (
          <Loading what="the racks" />
        )}
      </>
    );
  }
  const shown = racks.data.items.filter((rack) => site === null || rack.site === site);
  return (
    <>
      <PageHead title="Racks">
        <p className="dim">
          {countOf(shown.length, "rack")}
          {site === null ? "" : ` in ${site}`}
        </p>
      </PageHead>
      {racks.data.items.length === 0 ? (
        <NoRacks />
      ) : (
        <>
          <SiteLinks racks={racks.data.items} site={site} address={address} />
          <div className="tools">
            <KindSwitch kind={kind} onKind={(next) => set("show", next === "state" ? "" : next)} />
            <DimField onWords={(next) => set("q", next)} />
            <Legend hosts={hosts} scale={scale} />
          </div>
          <div className="rows-and-panel">
            <div className="rows">
              {groupRows(shown).map((group) => (
                <section key={group.site} aria-label={group.site}>
                  {group.rows.map(({ row, racks: inRow }) => (
                    <section key={row} aria-labelledby={`${group.site}-${row}`}>
                      <h2 id={`${group.site}-${row}`} className="mono">
                        {group.site} / {row}
                      </h2>
                      <ul className="rack-row">
                        {inRow.map((rack) => (
                          <RackColumn
                            key={rack.id}
                            rack={rack}
                            kind={kind}
                            scale={scale}
                            isDimmed={(host) => words !== "" && !matchesWords(host, words)}
                            onActive={(of, box) =>
                              setActive(box === null ? null : { rack: of, box })
                            }
                            search={kind === "state" ? "" : `?show=${kind}`}
                          />
                        ))}
                      </ul>
                    </section>
                  ))}
                </section>
              ))}
            </div>
            <BoxPanel
              rack={active?.rack.id.replaceAll("~", " / ") ?? ""}
              box={active?.box ?? null}
            />
          </div>
        </>
      )}
    </>
  );
}

function DimField({ onWords }: { readonly onWords: (words: string) => void }) {
  const [text, setText] = useAddressText("q", onWords);
  return (
    <input
      type="search"
      className="field"
      aria-label="Dim what does not match"
      placeholder="dim what does not match"
      value={text}
      onChange={(event) => setText(event.target.value)}
    />
  );
}

function NoRacks() {
  return (
    <Empty title="No rack yet">
      <p>
        A rack appears when a host is placed in it: on the <Link to="/hosts">host's page</Link>, or
        with{" "}
        <Command text="npx wws-fleet enroll token --host NAME --position region/site/row/rack/unit" />
      </p>
    </Empty>
  );
}
