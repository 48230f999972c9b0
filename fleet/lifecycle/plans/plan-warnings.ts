import type { HostRecord } from "#fleet/inventory/host-record.ts";
import { noticeClasses } from "#fleet/tenancy/tenancy.ts";
import type { BlastRadius, PlanAction } from "../plan.ts";
import { isSilent } from "./serving.ts";
import type { SnapshotIndex } from "./snapshot-index.ts";

/** At most so many names in a sentence. */
const namesMax = 5;

/** What somebody should know before this is applied, in sentences. */
export function warningsOf(ask: {
  readonly action: PlanAction;
  readonly hosts: readonly HostRecord[];
  readonly index: SnapshotIndex;
  readonly blast: BlastRadius;
}): readonly string[] {
  const { blast, hosts } = ask;
  return [
    ...ownWarnings(blast),
    ...noticeWarnings(ask),
    ...tenantWarnings(ask),
    ...silentWarnings(ask),
    ...wattsWarnings(blast, hosts.length),
    ...feedWarnings(blast),
    ...floorWarnings(blast),
    ...blast.sharedFate.map(
      ({ tenant, rack, leases }) =>
        `tenant ${tenant} has ${leases} leases in ${rack} that go out together`,
    ),
  ];
}

/** What cannot be taken back, in sentences. */
export function irreversibleOf(
  action: PlanAction,
  hosts: readonly HostRecord[],
  index: SnapshotIndex,
): readonly string[] {
  const said: string[] = [];
  const isHard = action.kind === "power" && (action.power === "off" || action.power === "cycle");
  if (isHard)
    said.push("what runs on these hosts ends in its middle; what was not written is gone");
  if (action.kind === "reboot" || (action.kind === "power" && action.power === "soft")) {
    said.push("what runs on these hosts is stopped; what was only in their memory is gone");
  }
  if (action.kind === "drain") {
    const leases = hosts.flatMap((host) => index.leasesByHost.get(host.id) ?? []);
    if (leases.length > 0) said.push("work that was moved away stays where it went");
    if (action.force) said.push("what still runs at the deadline is stopped hard, finished or not");
    else if (leases.some(({ evacuation }) => evacuation === "stop-at-deadline"))
      said.push("leases that stop at the deadline are over then");
  }
  return said;
}

type Ask = Parameters<typeof warningsOf>[0];

function ownWarnings({ ownManagement }: BlastRadius): readonly string[] {
  return ownManagement.length === 0
    ? []
    : [
        `${namesOf(ownManagement)} ${ownManagement.length === 1 ? "runs the fleet itself: it goes last" : "run the fleet itself: they go last"}`,
      ];
}

function noticeWarnings({ action, hosts, index }: Ask): readonly string[] {
  if (action.kind !== "drain" && action.kind !== "reboot") return [];
  const short = new Map<string, number>();
  for (const host of hosts) {
    for (const lease of index.leasesByHost.get(host.id) ?? []) {
      const { noticeMs } = noticeClasses[lease.notice];
      if (noticeMs === 0 || (action.kind === "drain" && isGiven(action, noticeMs))) continue;
      const tenant = index.tenantNames.get(lease.tenantId) ?? lease.tenantId;
      short.set(tenant, (short.get(tenant) ?? 0) + 1);
    }
  }
  const what =
    action.kind === "reboot"
      ? "without the notice of"
      : action.drain === "emergency"
        ? "an emergency moves work without the notice of"
        : "the deadline is shorter than the notice of";
  return [...short]
    .toSorted()
    .map(
      ([tenant, leases]) => `${what} ${leases} lease${leases === 1 ? "" : "s"} of tenant ${tenant}`,
    );
}

function isGiven(action: Extract<PlanAction, { kind: "drain" }>, noticeMs: number): boolean {
  return action.drain !== "emergency" && action.deadlineMs >= noticeMs;
}

function tenantWarnings({ hosts, index }: Ask): readonly string[] {
  const deaf = new Set<string>();
  const webhooks = new Map(index.snapshot.tenants.map((tenant) => [tenant.id, tenant.webhook]));
  for (const host of hosts) {
    for (const { tenantId } of index.leasesByHost.get(host.id) ?? []) {
      if ((webhooks.get(tenantId) ?? null) === null)
        deaf.add(index.tenantNames.get(tenantId) ?? tenantId);
    }
  }
  return [...deaf].toSorted().map((tenant) => `tenant ${tenant} has no address for notices`);
}

function silentWarnings({ action, hosts, index }: Ask): readonly string[] {
  // Their BMCs are asked, and their agents only as witnesses.
  if (action.kind === "power" || action.kind === "locate") return [];
  const silent = hosts.filter((host) => isSilent(index.observed(host.id), index));
  if (silent.length === 0) return [];
  const names = namesOf(silent.map((host) => host.name).toSorted());
  return [`what is known of ${names} is old: nobody hears them, and nothing can be proven there`];
}

function wattsWarnings({ wattsCoverage }: BlastRadius, hosts: number): readonly string[] {
  const unmeasured = hosts - Math.round(wattsCoverage * hosts);
  return unmeasured === 0
    ? []
    : [
        `watts are measured on ${hosts - unmeasured} of ${hosts} hosts: loads of feeds are at least what is shown`,
      ];
}

function feedWarnings({ feeds }: BlastRadius): readonly string[] {
  return feeds.flatMap((feed) => {
    const { rack, budgetWatts, duringWatts, ifOtherFailsWatts } = feed;
    if (budgetWatts === null) return [];
    const name = `feed ${feed.feed} of ${rack}`;
    if (duringWatts !== null && duringWatts > budgetWatts)
      return [`${name} would carry ${duringWatts} W of ${budgetWatts} W`];
    if (ifOtherFailsWatts !== null && ifOtherFailsWatts > budgetWatts)
      return [`${name} would carry ${ifOtherFailsWatts} W of ${budgetWatts} W if the other failed`];
    return [];
  });
}

function floorWarnings({ classes }: BlastRadius): readonly string[] {
  return classes
    .filter(({ total, outDuring, floor }) => total - outDuring < floor)
    .map(
      ({ hardwareClass, site, total, outNow, outDuring, floor }) =>
        `class ${hardwareClass} in ${site}: ${outDuring} of ${total} would be out (${outNow} are now) and ${floor} must serve: part of the plan will wait`,
    );
}

function namesOf(names: readonly string[]): string {
  const shown = names.slice(0, namesMax).join(", ");
  return names.length > namesMax ? `${shown} and ${names.length - namesMax} more` : shown;
}
