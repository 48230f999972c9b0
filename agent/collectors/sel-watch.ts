import type { Absence, SelEntry } from "#proto/messages/state.ts";
import type { SampleSink, SeriesHandle } from "./collector.ts";
import { ipmiSweepCadenceMs } from "./ipmi-power.ts";
import type { IpmiReader } from "./ipmi-reader.ts";
import type { SelInfo } from "./sel-info.ts";

/**
 * Watches the BMC's event log: how full it is, and what was added. The entries are read only when
 * the log says that it changed; `sel info` alone is one short call.
 */
export class SelWatch {
  readonly #reader: Pick<IpmiReader, "readSelInfo" | "readSelEntries">;
  readonly #sink: SampleSink;
  #usage: SeriesHandle = -1;
  #before: SelInfo | null = null;
  #entries: readonly SelEntry[] | null = null;
  #added: readonly SelEntry[] = [];

  constructor(reader: Pick<IpmiReader, "readSelInfo" | "readSelEntries">, sink: SampleSink) {
    this.#reader = reader;
    this.#sink = sink;
  }

  /** Entries that the last look found and the one before did not; none at the first. */
  get added(): readonly SelEntry[] {
    return this.#added;
  }

  async look(): Promise<readonly Absence[]> {
    this.#added = [];
    const info = await this.#reader.readSelInfo();
    if (!info.ok) return [info.problem];
    if (info.value.usage !== null) {
      if (this.#usage < 0) this.#usage = this.#declare();
      this.#sink.set(this.#usage, Math.round(info.value.usage * 10_000));
    }
    if (this.#before !== null && !hasChanged(this.#before, info.value)) return [];
    const entries = await this.#reader.readSelEntries();
    if (!entries.ok) return [entries.problem];
    this.#added = this.#entries === null ? [] : addedEntries(this.#entries, entries.value);
    this.#before = info.value;
    this.#entries = entries.value;
    return [];
  }

  #declare(): SeriesHandle {
    return this.#sink.declare({
      metric: "wws.bmc.sel.usage",
      attributes: {},
      exponent: -4,
      cadenceMs: ipmiSweepCadenceMs,
    });
  }
}

function hasChanged(before: SelInfo, now: SelInfo): boolean {
  return before.entries !== now.entries || before.lastAddMs !== now.lastAddMs;
}

/**
 * Entries of `now` that were not there `before`. By all that an entry says, not by its id alone: ids
 * begin again when the log is cleared, and some BMCs write over the oldest.
 */
export function addedEntries(
  before: readonly SelEntry[],
  now: readonly SelEntry[],
): readonly SelEntry[] {
  const known = new Set(before.map((entry) => JSON.stringify(entry)));
  return now.filter((entry) => !known.has(JSON.stringify(entry)));
}
