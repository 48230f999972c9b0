import type { HostRecord, RackRecord } from "#fleet/inventory/host-record.ts";
import { feedLineOf, rackOf, switchOf } from "./plans/places.ts";

export const scopeKinds = ["switch", "rack", "feed", "site"] as const;

/** What fails as one: a rack, a power line, a switch, a site. */
export interface DomainScope {
  readonly kind: (typeof scopeKinds)[number];
  /** `fra2/row-b/rack-07`, `fra2/row-b A of ups-a2`, `sw-fra2-b07`, `fra2`. */
  readonly name: string;
}

export function scopeKey({ kind, name }: DomainScope): string {
  return `${kind} ${name}`;
}

/** In which scopes each host lies. */
export interface DomainScopes {
  of(host: HostRecord): readonly DomainScope[];
}

/** Power lines of one rack alone are left out: they fail as the rack does. */
export function createDomainScopes(racks: readonly RackRecord[]): DomainScopes {
  const lines = new Map(
    racks.map((rack) => [
      rack.id,
      [
        ...new Set(
          rack.feeds
            .filter(({ upstream }) => upstream !== null)
            .map((feed) => feedLineOf(rack, feed)),
        ),
      ],
    ]),
  );
  const find = (host: HostRecord): readonly DomainScope[] => {
    const scopes: DomainScope[] = [];
    const uplink = switchOf(host);
    if (uplink !== null) scopes.push({ kind: "switch", name: uplink });
    const rack = rackOf(host);
    if (rack === null || host.position === null) return scopes;
    scopes.push({ kind: "rack", name: rack });
    for (const name of lines.get(rack) ?? []) scopes.push({ kind: "feed", name });
    scopes.push({ kind: "site", name: host.position.site });
    return scopes;
  };
  /** Each time that a host is lost those of all are asked for. */
  const found = new WeakMap<HostRecord, readonly DomainScope[]>();
  return {
    of(host) {
      const scopes = found.get(host) ?? find(host);
      found.set(host, scopes);
      return scopes;
    },
  };
}
