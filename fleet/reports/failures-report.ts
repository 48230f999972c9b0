import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { hostsColumn, keyColumn, placeMeanings } from "./capacity-columns.ts";
import { tooManyRows } from "./capacity-report.ts";
import type { FailureEvent } from "./failure-figures.ts";
import { type FleetFacts, type HostFacts, placeNames, unclassed } from "./fleet-facts.ts";
import { groupBy, readGroup, rowOf } from "./grouping.ts";
import { type Report, type ReportColumn, type ReportRefusal, reportRowsMax } from "./report.ts";

export const failuresSchema = "wws.report.failures.v1";

const failureKeys = ["region", "site", "row", "rack", "class"] as const;
type FailureKey = (typeof failureKeys)[number];

export interface FailuresAsk {
  readonly facts: FleetFacts;
  /** Those that are told of; all of `facts` where no selector is given. */
  readonly selected: readonly HostFacts[];
  readonly selector: string | null;
  readonly group: string | null;
  readonly events: readonly FailureEvent[];
  /** Hosts whose events before a time gave way to newer ones. */
  readonly cutSinceMs: ReadonlyMap<string, number>;
  readonly fromMs: number;
  readonly toMs: number;
  /** False: the window ends in the past, of which no verdicts are kept. */
  readonly isNow: boolean;
  readonly madeMs: number;
}

/**
 * What went wrong, counted: verdicts as they are now, and within the window findings that were
 * raised, components that went, reboots with their causes.
 */
export function failuresReport(ask: FailuresAsk): Result<Report, ReportRefusal> {
  const group = readGroup(ask.group, { keys: failureKeys, usual: ["site", "class"] });
  if (!group.ok) return group;
  const keys = group.value;
  const hosts = ask.selected.filter(({ record }) => record.phase !== "retired");
  const valuesOf = (host: HostFacts): readonly string[] => keys.map((key) => valueUnder(host, key));
  const byId = new Map(hosts.map((host) => [host.record.id, host]));
  const sizes = new Map(
    groupBy(hosts, valuesOf).map(({ values, parts }) => [values.join("\u0000"), parts]),
  );
  const told: Told[] = ask.events.flatMap((event) => {
    const host = byId.get(event.hostId);
    return host === undefined ? [] : [{ host, what: event.what, detail: event.detail }];
  });
  if (ask.isNow)
    for (const host of hosts)
      if (host.verdict !== "ok")
        told.push({ host, what: "verdict", detail: `${host.verdict} now` });
  const groups = groupBy(told, (one) => [...valuesOf(one.host), one.what, one.detail]);
  if (groups.length > reportRowsMax) return fail(tooManyRows(groups.length));
  const rows = groups.map(({ values, parts }) => {
    const inGroup = sizes.get(values.slice(0, keys.length).join("\u0000")) ?? [];
    return rowOf([...keys, "what", "detail"], values, {
      events: parts.length,
      failed_hosts: new Set(parts.map(({ host }) => host.record.id)).size,
      hosts: inGroup.length,
      covered_hosts: inGroup.filter((host) => isCovered(host, ask)).length,
    });
  });
  const covered = hosts.filter((host) => isCovered(host, ask)).length;
  return ok({
    schema: failuresSchema,
    kind: "failures",
    cell: ask.facts.cell,
    madeMs: ask.madeMs,
    atMs: ask.toMs,
    window: {
      fromMs: ask.fromMs,
      toMs: ask.toMs,
      statistic: "counts of what was noted within it, by the manager's clock",
    },
    selector: ask.selector,
    group: keys,
    columns: columnsOf(keys),
    rows,
    // A host is in many rows: they do not add up to hosts.
    total: null,
    coverage: {
      share: hosts.length === 0 ? 1 : covered / hosts.length,
      words: `${covered} of ${hosts.length} hosts were known for the whole window, with all that happened to them; hosts with nothing wrong have no row`,
    },
    notes: [
      "a finding counts when it is raised or gets worse, a reboot with the cause that was decided, a component when it is gone or another is in its place",
      ...(ask.isNow
        ? ["`verdict` rows are of now, not of the window"]
        : ["verdicts of the past are not kept: there are no `verdict` rows"]),
    ],
  });
}

interface Told {
  readonly host: HostFacts;
  readonly what: string;
  readonly detail: string;
}

function valueUnder({ record }: HostFacts, key: FailureKey): string {
  return key === "class" ? (record.hardwareClass ?? unclassed) : placeNames(record.position)[key];
}

function isCovered({ record }: HostFacts, ask: FailuresAsk): boolean {
  const cutMs = ask.cutSinceMs.get(record.id);
  return record.createdMs <= ask.fromMs && (cutMs === undefined || cutMs <= ask.fromMs);
}

function columnsOf(keys: readonly FailureKey[]): readonly ReportColumn[] {
  return [
    ...keys.map((key) => keyColumn(key, placeMeanings[key])),
    keyColumn("what", "`finding`, `reboot` or `component` within the window, `verdict` of now"),
    keyColumn("detail", "verdict and rule, cause of the reboot, or kind of the component"),
    {
      key: "events",
      title: "TIMES",
      unit: "{event}",
      isWideOnly: false,
      meaning: "how often; of a verdict, how many hosts",
    },
    hostsColumn("failed_hosts", "ON", "how many different hosts", false),
    hostsColumn("hosts", "OF", "hosts of the group that are not retired", false),
    hostsColumn("covered_hosts", "COVERED", "of them, known for the whole window"),
  ];
}
