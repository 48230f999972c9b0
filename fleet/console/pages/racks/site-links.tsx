import { Link } from "react-router";
import type { Rack } from "#fleet/api/place-schemas.ts";

/** All sites, or one: links, so that each has its address. */
export function SiteLinks({
  racks,
  site,
  address,
}: {
  readonly racks: readonly Rack[];
  readonly site: string | null;
  readonly address: URLSearchParams;
}) {
  const sites = [...new Set(racks.map((rack) => rack.site))].sort();
  const to = (code: string | null): string => {
    const next = new URLSearchParams(address);
    if (code === null) next.delete("site");
    else next.set("site", code);
    return `/racks?${next.toString()}`;
  };
  return (
    <nav aria-label="Sites" className="site-links">
      <Link to={to(null)} aria-current={site === null ? "page" : undefined}>
        all sites
      </Link>
      {sites.map((code) => (
        <Link
          key={code}
          to={to(code)}
          className="mono"
          aria-current={code === site ? "page" : undefined}
        >
          {code}
        </Link>
      ))}
    </nav>
  );
}
