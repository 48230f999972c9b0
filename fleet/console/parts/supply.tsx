import type { Supply } from "#fleet/api/place-schemas.ts";
import { formatFigure, formatShare } from "../words/figures.ts";
import { NotSeen, WrittenFigure } from "./figure.tsx";

/** A sum of watts with the share of hosts that are in it, where that is not all of them. */
export function Watts({
  supply,
}: {
  readonly supply: Pick<Supply, "watts" | "wattsCoverage" | "hosts">;
}) {
  const { watts, wattsCoverage, hosts } = supply;
  if (watts === null)
    return <NotSeen why={hosts === 0 ? "no hosts" : "no host here says its watts"} />;
  const share = formatShare(wattsCoverage);
  return (
    <span className="figure" title={`${share.digits} % of the hosts are in this sum`}>
      <WrittenFigure figure={formatFigure(watts, "W")} />
      {wattsCoverage >= 1 ? null : <span className="dim small"> of {share.digits} %</span>}
    </span>
  );
}

/** A mean share as figure and bar; the bar only repeats the figure. */
export function MeanShare({ share, why }: { readonly share: number | null; readonly why: string }) {
  if (share === null) return <NotSeen why={why} />;
  return (
    <span className="mean-share">
      <WrittenFigure figure={formatFigure(share, "1")} />
      <svg className="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <rect className="bar-room" width="100" height="6" />
        <rect className="bar-used" width={Math.min(100, Math.max(0, share * 100))} height="6" />
      </svg>
    </span>
  );
}
