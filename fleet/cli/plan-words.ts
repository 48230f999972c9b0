import type { Plan } from "#fleet/api/plan-schemas.ts";
import { utcWords, span, watts } from "./words.ts";

type Line = readonly [string, string];

/** `Drain host-1: fan 3 is loud`. */
export function planTitle(plan: Plan): string {
  return `${actionWords(plan.action)} ${hostsWords(plan)}: ${plan.reason}`;
}

/** What it does, to whom, how fast, what to mind; the figures as the manager gave them. */
export function planLines(plan: Plan): readonly Line[] {
  const { blast } = plan;
  const taking = plan.hosts.filter(({ state }) => state !== "skipped");
  return [
    ["hosts", listed(plan.hosts.map(placeOf))],
    ...paceLines(plan, taking.length),
    ...deadlineLines(plan),
    ...blast.tenants.map(
      ({ tenant, leases }): Line => ["tenant", `${tenant}: ${leases} ${plural("lease", leases)}`],
    ),
    ...blast.classes.map(
      (one): Line => [
        "can serve",
        `${one.hardwareClass} in ${one.site}: ${one.total - one.outDuring} of ${one.total} during it, ${one.total - one.outNow} now, at least ${one.floor} must`,
      ],
    ),
    ...blast.feeds.filter(isKnown).map((feed): Line => ["feed", feedWords(feed)]),
    ...blast.sharedFate.map(
      ({ tenant, rack, leases }): Line => [
        "shared fate",
        `${tenant} has ${leases} leases in ${rack}`,
      ],
    ),
    ...(blast.ownManagement.length === 0
      ? []
      : [["runs the fleet", blast.ownManagement.join(", ")] as const]),
    ...(plan.predictedMs === null
      ? []
      : [["takes about", `${span(plan.predictedMs)}, as such plans took so far`] as const]),
    ...plan.hosts
      .filter(({ state, why }) => state === "skipped" && why.length > 0)
      .map(({ name, why }): Line => ["left out", `${name}: ${why[0]?.words ?? ""}`]),
    ...plan.warnings.map((words): Line => ["mind", words]),
    ...plan.irreversible.map((words): Line => ["for good", words]),
    ["plan", `${plan.id}, may be applied until ${utcWords(plan.expiresMs)}`],
  ];
}

export function actionWords(action: Plan["action"]): string {
  const verbs = { drain: "Drain", reboot: "Reboot", return: "Return", clear: "Clear" } as const;
  if (action.kind === "power") return `Power ${action.power} of`;
  if (action.kind === "locate") return action.isOn ? "Light on" : "Light out";
  if (action.kind !== "drain" || action.drain === "planned") return verbs[action.kind];
  return `Drain (${action.drain})`;
}

export function hostsWords(plan: Pick<Plan, "hosts">): string {
  const [only] = plan.hosts;
  return plan.hosts.length === 1 && only !== undefined
    ? only.name
    : `${plan.hosts.length} ${plural("host", plan.hosts.length)}`;
}

export function plural(word: string, count: number): string {
  return count === 1 ? word : `${word}s`;
}

function placeOf({ name, rack }: Plan["hosts"][number]): string {
  return rack === null ? name : `${name} (${rack})`;
}

const listedMax = 12;

function listed(names: readonly string[]): string {
  const shown = names.slice(0, listedMax).join(", ");
  return names.length <= listedMax ? shown : `${shown} and ${names.length - listedMax} more`;
}

function paceLines({ pace }: Plan, hosts: number): readonly Line[] {
  if (hosts < 2) return [];
  const [canary = 0, ...waves] = pace.waves;
  const words =
    waves.length === 0
      ? `one wave of ${canary}`
      : `${canary} first, then ${waves.join(", ")}, ${span(pace.soakMs)} of watching between`;
  return [["waves", `${words}; at most ${pace.atOnceMax} at once`]];
}

function deadlineLines({ action }: Plan): readonly Line[] {
  if (action.kind === "locate" && action.isOn)
    return [["blinks", `${span(action.forMs)}, then it goes out by itself`]];
  if (action.kind !== "drain") return [];
  const then = action.force
    ? "what has not stopped by then is stopped hard"
    : "then it pauses and says what is left";
  return [["deadline", `${span(action.deadlineMs)} for each host; ${then}`]];
}

type Feed = Plan["blast"]["feeds"][number];

function isKnown({ nowWatts, duringWatts }: Feed): boolean {
  return nowWatts !== null || duringWatts !== null;
}

function feedWords(feed: Feed): string {
  const budget = feed.budgetWatts === null ? "" : ` of ${watts(feed.budgetWatts)}`;
  const unmeasured =
    feed.unmeasuredHosts === 0
      ? ""
      : `; ${feed.unmeasuredHosts} of ${feed.hosts} hosts not measured`;
  return `${feed.rack} ${feed.feed}: ${watts(feed.duringWatts)}${budget} during it, ${watts(feed.nowWatts)} now, ${watts(feed.ifOtherFailsWatts)} if the other feed fails${unmeasured}`;
}
