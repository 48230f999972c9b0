import type { Budgets } from "#fleet/lifecycle/plans/budget-limits.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import type { CapacityAtom } from "./capacity-figures.ts";
import { capacityFigures } from "./capacity-figures.ts";
import { capacityReport } from "./capacity-report.ts";
import type { FailureEvent } from "./failure-figures.ts";
import { failuresReport } from "./failures-report.ts";
import { type FleetFacts, type HostFacts, unplaced } from "./fleet-facts.ts";
import { powerFigures } from "./power-figures.ts";
import { keptMinutesUsual, minuteMs, type PowerHistory } from "./power-history.ts";
import { powerReport } from "./power-report.ts";
import type { Report, ReportKind, ReportRefusal } from "./report.ts";
import type { KeptFigures, ReportStore } from "./report-store.ts";
import { isoTime } from "./report-table.ts";

export interface ReportAsk {
  readonly kind: ReportKind;
  readonly selector: string | null;
  readonly group: string | null;
  /** null: now. */
  readonly atMs: number | null;
  /** null: an hour of power, thirty days of failures. */
  readonly windowMs: number | null;
  /** Whose hosts the asker may see; left out: all. */
  readonly sight?: ReportSight;
}

export interface ReportSight {
  sees(host: HostFacts): boolean;
  seesSite(site: string | null): boolean;
}

/** What a selector means of hosts now, and of what is kept of days before. */
export interface ReportSelector {
  matches(host: HostFacts): boolean;
  /** null: it asks for what is not kept. */
  readonly matchesAtom: ((atom: CapacityAtom) => boolean) | null;
}

export interface ReportDesk {
  make(ask: ReportAsk): Promise<Result<Report, ReportRefusal>>;
  /** All of now, to be kept. */
  figures(): Promise<KeptFigures>;
}

export interface ReportDeskParts {
  readonly gather: () => Promise<FleetFacts>;
  readonly history: Pick<PowerHistory, "window">;
  readonly store: Pick<
    ReportStore,
    "keptBefore" | "keptSpan" | "readFailures" | "readCutHistories"
  >;
  readonly budgets: Budgets;
  readonly readSelector: (text: string) => Result<ReportSelector, ReportRefusal>;
  readonly clock: Clock;
}

/** Facts are gathered anew at most this often: several readers share them. */
const factsFreshMs = 1_000;
export const windowUsualMs = { power: 3_600_000, failures: 30 * 86_400_000 } as const;
const failuresWindowMaxMs = 366 * 86_400_000;
/** Kept figures speak of a moment so long after they were made. */
const keptSpeaksMs = 36 * 3_600_000;
const keptWindowMs = keptMinutesUsual * minuteMs;

export function createReportDesk(parts: ReportDeskParts): ReportDesk {
  const { clock, store, history } = parts;
  let shared: { readonly sinceMs: number; readonly facts: Promise<FleetFacts> } | null = null;
  const gather = (): Promise<FleetFacts> => {
    const nowMs = clock.nowMonotonicMs();
    if (shared !== null && nowMs - shared.sinceMs < factsFreshMs) return shared.facts;
    const facts = parts.gather();
    const mine = { sinceMs: nowMs, facts };
    shared = mine;
    facts.catch(() => {
      if (shared === mine) shared = null;
    });
    return facts;
  };
  const readSelector = (text: string | null): Result<ReportSelector | null, ReportRefusal> =>
    text === null ? ok(null) : parts.readSelector(text);

  return {
    async make(ask) {
      const selector = readSelector(ask.selector);
      if (!selector.ok) return selector;
      const nowMs = clock.nowUnixMs();
      if (ask.atMs !== null && ask.atMs > nowMs)
        return fail({
          kind: "past-unknown",
          words: `${isoTime(ask.atMs)} is in the future`,
          hint: "leave `at` out for now",
        });
      if (ask.kind === "failures") return failures(ask, selector.value);
      return ask.atMs === null ? present(ask, selector.value) : past(ask, ask.atMs, selector.value);
    },
    async figures() {
      const facts = await gather();
      return {
        capacity: capacityFigures(facts),
        power: powerFigures(facts, history, keptWindowMs),
      };
    },
  };

  async function present(
    ask: ReportAsk,
    selector: ReportSelector | null,
  ): Promise<Result<Report, ReportRefusal>> {
    const facts = await gather();
    const madeMs = clock.nowUnixMs();
    const { hosts, isWhole } = selectHosts(facts, ask, selector);
    if (ask.kind === "capacity") {
      if (ask.windowMs !== null) return fail(noWindow);
      const all = capacityFigures(facts);
      const whole = { ...all, racks: all.racks.filter(({ site }) => seesSite(ask, site)) };
      const selected = isWhole ? whole : capacityFigures({ ...facts, hosts });
      const { group, selector: text } = ask;
      return capacityReport({
        whole,
        selected,
        selector: text,
        group,
        budgets: parts.budgets,
        madeMs,
      });
    }
    const spanMs = ask.windowMs ?? windowUsualMs.power;
    if (spanMs < minuteMs || spanMs > keptWindowMs)
      return fail({
        kind: "bad-window",
        words: "the window of power is a minute at least and a day at most",
        hint: "ask for 1m to 24h; longer ones are in figures of kept days: `at`",
      });
    const ids = racksOf(hosts);
    return powerReport({
      figures: powerFigures(facts, history, spanMs),
      racks:
        selector === null && isWhole ? null : seenRacks(facts, ask, selector === null ? null : ids),
      selector: ask.selector,
      group: ask.group,
      spanMs,
      madeMs,
      windowOf: (shares) => history.window(shares, { toMs: facts.atMs, spanMs }),
    });
  }

  async function past(
    ask: ReportAsk,
    atMs: number,
    selector: ReportSelector | null,
  ): Promise<Result<Report, ReportRefusal>> {
    if (ask.windowMs !== null)
      return fail({
        kind: "bad-window",
        words:
          "figures of a kept day have a window of their own: the 24 hours before they were made",
        hint: "leave `window` out",
      });
    const kept = await store.keptBefore(atMs);
    if (kept === undefined || atMs - kept.capacity.atMs > keptSpeaksMs)
      return fail(await notKept(atMs));
    const matches = selector?.matchesAtom ?? null;
    if (selector !== null && matches === null)
      return fail({
        kind: "bad-selector",
        words: `"${(ask.selector ?? "").slice(0, 80)}" asks for what is not kept of days before`,
        hint: "of the past select by region, site, row, rack, class or state",
      });
    const madeMs = clock.nowUnixMs();
    const { capacity, power } = kept;
    const isSeen = (atom: CapacityAtom): boolean =>
      seesSite(ask, atom.site) && (matches === null || matches(atom));
    const atoms = capacity.atoms.filter(isSeen);
    if (ask.kind === "capacity") {
      const whole = {
        ...capacity,
        racks: capacity.racks.filter(({ site }) => seesSite(ask, site)),
      };
      const { group, selector: text } = ask;
      return capacityReport({
        whole,
        selected: { ...whole, atoms },
        selector: text,
        group,
        budgets: parts.budgets,
        madeMs,
      });
    }
    const ids = new Set(atoms.map(rackIdOf));
    return powerReport({
      figures: power,
      racks: new Set(
        power.racks
          .filter(({ id, site }) => (matches === null ? seesSite(ask, site) : ids.has(id)))
          .map(({ id }) => id),
      ),
      selector: ask.selector,
      group: ask.group,
      spanMs: keptWindowMs,
      madeMs,
      windowOf: null,
    });
  }

  async function failures(
    ask: ReportAsk,
    selector: ReportSelector | null,
  ): Promise<Result<Report, ReportRefusal>> {
    const windowMs = ask.windowMs ?? windowUsualMs.failures;
    if (windowMs < minuteMs || windowMs > failuresWindowMaxMs)
      return fail({
        kind: "bad-window",
        words: "the window of failures is a minute at least and a year at most",
        hint: "ask for 1h, 7d, 30d …",
      });
    const facts = await gather();
    const toMs = ask.atMs ?? facts.atMs;
    const fromMs = toMs - windowMs;
    const events: FailureEvent[] = [];
    await store.readFailures({ fromMs, toMs }, (event) => void events.push(event));
    const cut = await store.readCutHistories();
    return failuresReport({
      facts,
      selected: selectHosts(facts, ask, selector).hosts,
      selector: ask.selector,
      group: ask.group,
      events,
      cutSinceMs: new Map(cut.map(({ hostId, sinceMs }) => [hostId, sinceMs])),
      fromMs,
      toMs,
      isNow: ask.atMs === null,
      madeMs: clock.nowUnixMs(),
    });
  }

  async function notKept(atMs: number): Promise<ReportRefusal> {
    const span = await store.keptSpan();
    const earliest =
      span === null
        ? "nothing is kept yet: the first figures are kept some minutes after the manager's start, then once a day"
        : atMs < span.oldestMs
          ? `the earliest figures that are kept are of ${isoTime(span.oldestMs)}`
          : `figures speak for ${keptSpeaksMs / 3_600_000} h after they were kept; kept are some from ${isoTime(span.oldestMs)} to ${isoTime(span.newestMs)}`;
    return {
      kind: "past-unknown",
      words: `of ${isoTime(atMs)} nothing is known: ${earliest}`,
      hint:
        span === null
          ? "ask for now: leave `at` out"
          : `ask for a moment from ${isoTime(span.oldestMs)} on, or leave \`at\` out`,
    };
  }
}

const noWindow: ReportRefusal = {
  kind: "bad-window",
  words: "capacity is of one moment: it has no window",
  hint: "leave `window` out",
};

function selectHosts(
  facts: FleetFacts,
  { sight }: ReportAsk,
  selector: ReportSelector | null,
): { readonly hosts: readonly HostFacts[]; readonly isWhole: boolean } {
  const hosts = facts.hosts.filter(
    (host) =>
      (sight === undefined || sight.sees(host)) && (selector === null || selector.matches(host)),
  );
  // A site without a host has racks, too: who does not see all sees no whole.
  return { hosts, isWhole: sight === undefined && hosts.length === facts.hosts.length };
}

function racksOf(hosts: readonly HostFacts[]): ReadonlySet<string> {
  return new Set(
    hosts.map(({ record: { position } }) =>
      position === null ? unplaced : `${position.site}/${position.row}/${position.rack}`,
    ),
  );
}

/** Racks of the sites that the asker sees; with a selector, in which a selected host stands. */
function seenRacks(
  facts: FleetFacts,
  ask: ReportAsk,
  selected: ReadonlySet<string> | null,
): ReadonlySet<string> {
  const ids = [...facts.racks.map(({ id }) => id), ...racksOf(facts.hosts)];
  return new Set(
    ids.filter(
      (id) =>
        (selected === null || selected.has(id)) &&
        seesSite(ask, id === unplaced ? unplaced : (id.split("/")[0] ?? unplaced)),
    ),
  );
}

function seesSite({ sight }: ReportAsk, site: string): boolean {
  return sight === undefined || sight.seesSite(site === unplaced ? null : site);
}

function rackIdOf({ site, row, rack }: CapacityAtom): string {
  return site === unplaced ? unplaced : `${site}/${row}/${rack}`;
}
