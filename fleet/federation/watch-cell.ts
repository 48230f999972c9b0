import type { TSchema, Static } from "typebox";
import { type CancelTimer, type Clock, sleep } from "#proto/vocabulary/clock.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { createCellAsker } from "./ask-cell.ts";
import { type CellAddress, type CellDoor, CellError } from "./cell-door.ts";
import { type CellState, decideHeard, decideSilent } from "./cell-state.ts";
import { federationLimits } from "./federation-limits.ts";
import type { KeptCell, KeptCells } from "./kept-cell.ts";
import { readIdentity, readWholeCell } from "./read-cell.ts";

/** One cell as the federation sees it: whether it is heard, what is kept, and the way to ask it. */
export interface CellWatch {
  readonly url: string;
  /** Of the cell; its address' host where none was ever heard. */
  name(): string;
  state(): CellState;
  kept(): KeptCell | null;
  release(): string | null;
  clockOffsetMs(): number | null;
  /** Rejects with CellError; one that is no refusal makes the cell be looked at at once. */
  ask<Schema extends TSchema>(
    path: string,
    schema: Schema,
    msMax?: number,
  ): Promise<Static<Schema>>;
  start(): void;
  /** Looks once, now: for the start, before anybody is answered. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

export interface WatchEffects {
  readonly door: CellDoor;
  readonly kept: KeptCells;
  readonly clock: Clock;
  readonly log: Log;
  /** Called when the state moved. */
  readonly onChange: (watch: CellWatch) => void;
  /** Why the cell of this name may not be this one: another address has it already. */
  readonly refuseName: (name: string, url: string) => string | null;
  /** Whether another address answered as the cell of this name: what is kept here is then told twice. */
  readonly isElsewhere: (name: string, url: string) => boolean;
}

/**
 * Looks at the cell every five seconds and reads all of it every thirty. The look alone judges: a
 * slow answer to somebody's question only makes it look at once.
 */
export function watchCell(address: CellAddress, effects: WatchEffects): CellWatch {
  const { url } = address;
  const { clock, log, kept: store } = effects;
  const stopping = new AbortController();
  const asker = createCellAsker({ ...effects, url, signal: stopping.signal });
  // A sign of life does not stand in line behind questions.
  const looker = createCellAsker({ ...effects, url, signal: stopping.signal });
  let kept = store.load(url);
  if (kept !== null && address.name !== null && kept.name !== address.name) kept = null;
  let name = kept?.name ?? address.name;
  let release = kept?.release ?? null;
  let clockOffsetMs: number | null = null;
  let state: CellState =
    kept === null
      ? { kind: "never-heard", sinceMs: clock.nowUnixMs(), lastHeardMs: null, why: notYet }
      : {
          kind: "stale",
          sinceMs: unixMs(kept.lastHeardMs),
          lastHeardMs: unixMs(kept.lastHeardMs),
          why: notYet,
        };
  let cancelLook: CancelTimer = () => {};
  let looking: Promise<void> | null = null;
  let reading: Promise<void> | null = null;
  let savedMs = Number.NEGATIVE_INFINITY;
  let readAtMs = Number.NEGATIVE_INFINITY;

  const turnTo = (next: CellState): void => {
    const before = state;
    state = next;
    if (before.kind === next.kind && before.why === next.why) return;
    const facts = { cell: watch.name(), url, from: before.kind, to: next.kind, why: next.why };
    if (next.kind === "connected") log.info(facts, "a cell is heard");
    else log.warn(facts, "a cell is not heard");
    effects.onChange(watch);
  };

  const lookNow = async (): Promise<void> => {
    try {
      const found = await readIdentity(looker, { url, clock });
      const said = found.name ?? name;
      if (address.name !== null && said !== null && said !== address.name)
        throw new CellError(
          "foreign",
          `${url} is cell ${said}, and the configuration says ${address.name}: is the address right?`,
        );
      const refusal = said === null ? null : effects.refuseName(said, url);
      if (refusal !== null) throw new CellError("foreign", refusal);
      if (said !== name) forget(said);
      ({ release, clockOffsetMs } = found);
      turnTo(decideHeard(state, clock.nowUnixMs()));
      if (clock.nowMonotonicMs() - readAtMs >= federationLimits.sweepEveryMs) readSoon();
    } catch (error) {
      if (stopping.signal.aborted) return;
      turnTo(decideSilent(state, wordsOf(error)));
    }
  };

  /** Another cell answers at this address now: what was kept is of another one. */
  const forget = (said: string | null): void => {
    if (name !== null) {
      log.warn({ url, from: name, to: said }, "another cell answers at this address");
      kept = null;
      readAtMs = Number.NEGATIVE_INFINITY;
    }
    name = said;
  };

  const readSoon = (): void => {
    reading ??= readNow().finally(() => {
      reading = null;
    });
  };

  const readNow = async (): Promise<void> => {
    readAtMs = clock.nowMonotonicMs();
    const as = watch.name();
    try {
      const readMs = clock.nowUnixMs();
      const whole = await readWholeCell(asker, { name: as, heights: kept?.heights ?? {} });
      if (as !== watch.name()) return;
      const before = kept;
      kept = { url, name: as, release, lastHeardMs: clock.nowUnixMs(), readMs, ...whole };
      // News of single hosts come with the events; this is only for what came or went in whole.
      if (before?.hosts.length !== whole.hosts.length) effects.onChange(watch);
      if (clock.nowMonotonicMs() - savedMs >= federationLimits.saveEveryMs) save();
    } catch (error) {
      if (stopping.signal.aborted) return;
      if (error instanceof CellError && error.kind !== "foreign" && error.kind !== "refused") {
        // The look will tell; until then it is read again with the next sign of life.
        readAtMs = Number.NEGATIVE_INFINITY;
        return;
      }
      turnTo(decideSilent(state, wordsOf(error)));
    }
  };

  const save = (): void => {
    if (kept === null) return;
    savedMs = clock.nowMonotonicMs();
    try {
      const lastHeardMs = state.lastHeardMs ?? kept.lastHeardMs;
      store.save({ ...kept, lastHeardMs, release });
    } catch (err) {
      log.error({ err, url }, "what was heard of a cell could not be kept on disk");
    }
  };

  const look = (): Promise<void> => {
    looking ??= lookNow().finally(() => {
      looking = null;
      cancelLook();
      if (!stopping.signal.aborted && isStarted)
        cancelLook = clock.after(federationLimits.probeEveryMs, () => void look());
    });
    return looking;
  };
  let isStarted = false;

  const watch: CellWatch = {
    url,
    name: () => name ?? new URL(url).host,
    state: () => state,
    kept: () => (name !== null && effects.isElsewhere(name, url) ? null : kept),
    release: () => release,
    clockOffsetMs: () => clockOffsetMs,
    async ask(path, schema, msMax = federationLimits.askMsMax) {
      try {
        return await asker.json(path, schema, msMax);
      } catch (error) {
        if (error instanceof CellError && error.kind !== "refused") void look();
        throw error;
      }
    },
    start() {
      isStarted = true;
      void look();
    },
    look,
    async stop() {
      stopping.abort(new CellError("unreachable", "the federation is stopping"));
      cancelLook();
      await Promise.all([looking, reading]);
      save();
    },
  };
  return watch;
}

const notYet = "it has not answered since this process began";

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** So that two that wait for the same cell do not come in the same moment: full jitter. */
export async function waitFullJitter(
  effects: { readonly clock: Clock; readonly random: { next(): number } },
  failures: number,
  signal: AbortSignal,
): Promise<void> {
  const { streamRetryMsMin, streamRetryMsMax } = federationLimits;
  const bound = Math.min(streamRetryMsMax, streamRetryMsMin * 2 ** Math.min(failures, 10));
  await sleep(effects.clock, effects.random.next() * bound, signal);
}
