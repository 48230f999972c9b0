import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Host } from "#fleet/api/host-schemas.ts";
import type { Rack } from "#fleet/api/place-schemas.ts";
import { asks } from "../../api/queries.ts";
import { type HeatKind, type HeatScale, heatScale } from "../../elevation/cell-value.ts";

/** The hosts of all racks that have been asked for, and one heat scale over them. Asks for nothing. */
export function useShownHosts(
  racks: readonly Rack[],
  kind: HeatKind | null,
): { readonly hosts: readonly Host[]; readonly scale: HeatScale | null } {
  const details = useQueries({
    queries: racks.map((rack) => ({ ...asks.rack(rack.id), enabled: false })),
    combine: (answers) => answers.map((answer) => answer.data),
  });
  const hosts = useMemo(
    () => details.flatMap((detail) => detail?.slots.map(({ host }) => host) ?? []),
    [details],
  );
  const scale = useMemo(() => (kind === null ? null : heatScale(kind, hosts)), [kind, hosts]);
  return { hosts, scale };
}
