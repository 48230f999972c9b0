import type { HostId, SpoolId } from "#proto/vocabulary/ids.ts";
import { createLatestValues, type LatestValues } from "./latest-values.ts";
import { addSeqs, type SeqSpan } from "./seq-spans.ts";

/** What is kept in memory of a host: its numberings and its latest values. */
export interface KnownHost {
  readonly id: HostId;
  /** Small number that stands for the host in the indexes. */
  readonly number: number;
  readonly spools: Map<SpoolId, Spool>;
  readonly latest: LatestValues;
  lastReceivedMs: number;
}

export interface Spool {
  readonly id: SpoolId;
  readonly spans: SeqSpan[];
  lastReceivedMs: number;
  /** Reports that wait for the disk, by sequence number; null while there are none. */
  inFlight: Map<number, Promise<unknown>> | null;
}

export interface HostTable {
  find(id: HostId): KnownHost | undefined;
  /** Makes the host known when it is not. */
  require(id: HostId): KnownHost;
  byNumber(number: number): KnownHost | undefined;
  requireSpool(host: KnownHost, id: SpoolId): Spool;
  /** Notes reports that are on disk. */
  addDurable(host: KnownHost, spool: Spool, span: SeqSpan, receivedMs: number): void;
  all(): Iterable<KnownHost>;
  count(): number;
}

export interface HostTableParts {
  readonly spoolsPerHostMax: number;
}

export function createHostTable(parts: HostTableParts): HostTable {
  const byId = new Map<HostId, KnownHost>();
  const numbered: KnownHost[] = [];

  return {
    find: (id) => byId.get(id),
    require(id) {
      const known = byId.get(id);
      if (known !== undefined) return known;
      const host: KnownHost = {
        id,
        number: numbered.length,
        spools: new Map(),
        latest: createLatestValues(),
        lastReceivedMs: 0,
      };
      byId.set(id, host);
      numbered.push(host);
      return host;
    },
    byNumber: (number) => numbered[number],
    requireSpool(host, id) {
      const known = host.spools.get(id);
      if (known !== undefined) return known;
      const spool: Spool = { id, spans: [], lastReceivedMs: 0, inFlight: null };
      host.spools.set(id, spool);
      if (host.spools.size > parts.spoolsPerHostMax) forgetQuietest(host, id);
      return spool;
    },
    addDurable(host, spool, span, receivedMs) {
      addSeqs(spool.spans, span);
      if (receivedMs > spool.lastReceivedMs) spool.lastReceivedMs = receivedMs;
      if (receivedMs > host.lastReceivedMs) host.lastReceivedMs = receivedMs;
    },
    all: () => numbered,
    count: () => numbered.length,
  };
}

function forgetQuietest(host: KnownHost, except: SpoolId): void {
  let quietest: Spool | undefined;
  for (const spool of host.spools.values()) {
    if (spool.id === except || spool.inFlight !== null) continue;
    if (quietest === undefined || spool.lastReceivedMs < quietest.lastReceivedMs) quietest = spool;
  }
  if (quietest !== undefined) host.spools.delete(quietest.id);
}
