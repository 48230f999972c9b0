import type { Plan } from "#fleet/api/plan-schemas.ts";

type Feed = Plan["blast"]["feeds"][number];
type ClassShare = Plan["blast"]["classes"][number];

/** True where the load is known and more than the feed may carry. */
export function isOverBudget(watts: number | null, budgetWatts: number | null): boolean {
  return watts !== null && budgetWatts !== null && watts > budgetWatts;
}

/** How much of a feed's sums is missing: nobody measures some of its hosts. */
export function unmeasuredWords({ hosts, unmeasuredHosts }: Feed): string {
  return unmeasuredHosts === 0 ? "" : `${unmeasuredHosts} of ${hosts} hosts not measured`;
}

/** Feeds that would be over their budget come first, then the fullest; the order else is kept. */
export function worstFeedsFirst(feeds: readonly Feed[]): readonly Feed[] {
  const fullness = ({ budgetWatts, ifOtherFailsWatts, duringWatts }: Feed): number =>
    budgetWatts === null || budgetWatts <= 0
      ? 0
      : Math.max(ifOtherFailsWatts ?? 0, duringWatts ?? 0) / budgetWatts;
  return feeds.toSorted((a, b) => fullness(b) - fullness(a));
}

/** Hosts of the class that still serve while the plan runs, if all of it ran at once. */
export function servingDuring({ total, outDuring }: ClassShare): number {
  return Math.max(0, total - outDuring);
}

/** True where so many would be out together that the floor stops it: part of the plan waits. */
export function isBelowFloor(share: ClassShare): boolean {
  return servingDuring(share) < share.floor;
}
