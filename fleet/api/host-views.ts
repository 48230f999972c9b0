import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { Links } from "#fleet/inventory/links.ts";
import type { Telemetry } from "#fleet/telemetry/telemetry.ts";
import type { FactsCache } from "./host-facts.ts";
import { evidenceOf, viewHost } from "./host-view.ts";
import type { Host } from "./schemas.ts";

/** Hosts as the API shows them. */
export interface HostViews {
  of(record: HostRecord): Promise<Host>;
  /** Every host of the cell, in the inventory's order. */
  all(): Promise<readonly Host[]>;
}

export function createHostViews(parts: {
  readonly inventory: Inventory;
  readonly links: Links;
  readonly telemetry: Telemetry;
  readonly facts: FactsCache;
}): HostViews {
  const of = async (record: HostRecord): Promise<Host> => {
    const facts = await parts.facts.of(record.id);
    return viewHost(record, { ...evidenceOf(record, parts), facts });
  };
  return {
    of,
    all: async () => Promise.all((await parts.inventory.hosts()).map(of)),
  };
}
