import { readChain, verifyChain } from "#fleet/audit/verify.ts";
import { alertFromRow, deliveryFromRow, eventFromRow, silenceFromRow } from "./alert-rows.ts";
import { createAuditTables } from "./audit-tables.ts";
import { createLifeCheck, type LifeCheck } from "./check-life-rows.ts";
import { readPages } from "./dump.ts";
import type { Engine } from "./engine.ts";
import {
  pendingFromRow,
  pinnedFromRow,
  secretFromRow,
  tokenFromRow,
  turnedAwayFromRow,
} from "./identity-rows.ts";
import { freezeKey, parseFreeze } from "./freeze-rows.ts";
import type { HostRow, RackRow } from "./inventory-columns.ts";
import { hostFromRow, rackFromRow, siteFromRow } from "./inventory-rows.ts";
import { schemaVersion } from "./migrate.ts";
import {
  parseStoredChange,
  parseStoredComponent,
  parseStoredProfile,
} from "./stored-components.ts";
import { userFromRow } from "./people-rows.ts";
import { parseSafeMode } from "./safe-mode-rows.ts";
import { parseStoredEvent, parseStoredMemory } from "./stored-health.ts";
import { parseStoredState } from "./stored-json.ts";
import { parseStoredRun, unpackFigures } from "./stored-reports.ts";
import { type Tables, tableNames } from "./tables.ts";

/** One thing that was looked at, in words for people. */
export interface StoreFinding {
  readonly what: string;
  readonly isSound: boolean;
  readonly detail: string;
}

/**
 * Reads every row of the control store and compares; changes nothing. With SQLite also what the
 * engine finds wrong with its file. What is wrong is a finding, not an error; it is thrown only when
 * the store does not answer at all.
 */
export async function checkControlStore(engine: Engine): Promise<readonly StoreFinding[]> {
  const seen: Seen = { racks: new Map(), places: new Map(), life: createLifeCheck() };
  const read = new Map<string, { readonly problems: string[]; rows: number }>();
  for (const table of tableNames) {
    const found = { problems: [] as string[], rows: 0 };
    read.set(table, found);
    try {
      found.problems.push(...(engine.file?.findDamage(table) ?? []));
      for await (const page of readPages(engine.db, table)) {
        found.rows += page.length;
        for (const row of page) {
          const problem = judgeRow(table, row, seen);
          if (problem !== undefined) found.problems.push(problem);
        }
        await engine.breathe();
      }
      if (table === "audit") found.problems.push(...(await findBrokenChain(engine)));
    } catch (cause) {
      found.problems.push(cause instanceof Error ? cause.message : String(cause));
    }
  }
  for (const { table, words } of seen.life.contradictions()) read.get(table)?.problems.push(words);
  return [...read].map(([table, { rows, problems }]) => sumUp(table, rows, problems));
}

/** Without the heads that were exported: `audit verify` compares those too. */
async function findBrokenChain(engine: Engine): Promise<readonly string[]> {
  const audit = createAuditTables(engine);
  const { fault } = await verifyChain(readChain(audit, engine.breathe), []);
  return fault === null ? [] : [`record ${fault.seq} ${fault.kind}: ${fault.words}`];
}

const problemsShown = 3;

function sumUp(table: string, rows: number, problems: readonly string[]): StoreFinding {
  const what = `control store: ${table}`;
  if (problems.length === 0)
    return { what, isSound: true, detail: `${rows} ${rows === 1 ? "row" : "rows"}` };
  const more = problems.length - problemsShown;
  const shown = problems.slice(0, problemsShown).join("; ");
  return { what, isSound: false, detail: more > 0 ? `${shown}; and ${more} more` : shown };
}

/** What is wrong with a row; undefined: nothing. */
function judgeRow<Name extends keyof Tables>(
  table: Name,
  row: Tables[Name],
  seen: Seen,
): string | undefined {
  try {
    judges[table](row, seen);
    return undefined;
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}

interface Seen {
  /** Racks come before hosts, so all are here by then. */
  readonly racks: Map<string, RackRow>;
  /** `rack/unit` → the host that fills it. */
  readonly places: Map<string, string>;
  /** Every host comes before what is done to it. */
  readonly life: LifeCheck;
}

/** Each throws what is wrong. */
const judges: { readonly [Name in keyof Tables]: (row: Tables[Name], seen: Seen) => void } = {
  meta(row) {
    if (row.key === "schema_version" && row.value !== String(schemaVersion))
      throw new Error(`schema version is ${row.value}, not ${schemaVersion}`);
    if (row.key === "safe_mode") parseSafeMode(row.value);
    if (row.key === freezeKey) parseFreeze(row.value);
  },
  sites: siteFromRow,
  racks(row, { racks }) {
    rackFromRow(row);
    if (row.id !== `${row.site}/${row.row_name}/${row.rack}`)
      throw new Error(`rack ${row.id} says that it is ${row.site}/${row.row_name}/${row.rack}`);
    racks.set(row.id, row);
  },
  hosts(row, seen) {
    seen.life.seeHost(row);
    judgeHost(row, seen);
  },
  removed_hosts() {},
  host_states(row) {
    if (parseStoredState(row.state_json) === undefined)
      throw new Error(`state of host ${row.host_id} cannot be understood`);
  },
  enrolment_tokens: tokenFromRow,
  pinned_keys: pinnedFromRow,
  turned_away_keys: turnedAwayFromRow,
  pending_machines: pendingFromRow,
  people: userFromRow,
  people_secrets: secretFromRow,
  components(row) {
    if (parseStoredComponent(row.component_json) === undefined)
      throw new Error(`component ${row.id} cannot be understood`);
  },
  component_changes(row) {
    if (parseStoredChange(row.change_json) === undefined)
      throw new Error(`change ${row.id} of a component cannot be understood`);
  },
  host_health(row) {
    if (parseStoredMemory(row.memory_json) === undefined)
      throw new Error(`what health remembers of host ${row.host_id} cannot be understood`);
  },
  host_events(row) {
    if (parseStoredEvent(row.event_json) === undefined)
      throw new Error(`event ${row.id} of a host cannot be understood`);
  },
  operations: (row, { life }) => life.seeOperation(row),
  plans: (row, { life }) => life.seePlan(row),
  holds: (row, { life }) => life.seeHold(row),
  tenants: (row, { life }) => life.seeTenant(row),
  leases: (row, { life }) => life.seeLease(row),
  // Judged with its neighbours, as a chain.
  audit() {},
  leadership: (row, { life }) => life.seeLeader(row),
  domain_events: (row) => void eventFromRow(row),
  alerts: (row) => void alertFromRow(row),
  silences: (row) => void silenceFromRow(row),
  deliveries: (row) => void deliveryFromRow(row),
  report_figures(row) {
    if (unpackFigures(row.figures_packed) === undefined)
      throw new Error(`figures of ${row.day} cannot be understood`);
  },
  report_runs(row) {
    if (parseStoredRun(row.record_json) === undefined)
      throw new Error(`run of schedule ${row.name} cannot be understood`);
  },
  hardware_classes(row) {
    if (parseStoredProfile(row.profile_json) === undefined)
      throw new Error(`hardware class ${row.name} cannot be understood`);
  },
};

function judgeHost(row: HostRow, { racks, places }: Seen): void {
  const rack = row.rack_id === null ? null : (racks.get(row.rack_id) ?? null);
  if (row.rack_id !== null && rack === null)
    throw new Error(`host ${row.name} is in rack ${row.rack_id}, which is not there`);
  hostFromRow({
    ...row,
    region: rack?.region ?? null,
    site: rack?.site ?? null,
    row_name: rack?.row_name ?? null,
    rack: rack?.rack ?? null,
  });
  if ((row.rack_id === null) !== (row.unit === null))
    throw new Error(`host ${row.name} has half a position`);
  if (row.unit === null) return;
  for (let unit = row.unit; unit < row.unit + row.height_units; unit += 1) {
    const place = `${row.rack_id}/u${unit}`;
    const other = places.get(place);
    if (other !== undefined) throw new Error(`hosts ${other} and ${row.name} are both at ${place}`);
    places.set(place, row.name);
  }
}
