import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { lifecycleNumbers } from "../numbers.ts";

/** How many hosts we take at once, by place, and what must stay able to serve. */
export interface Budgets {
  readonly rack: number;
  /** Of all hosts on one power line, over its racks. */
  readonly feed: number;
  /** Of a site: this many, or the share below where that is more. */
  readonly siteHosts: number;
  readonly siteShare: number;
  readonly cell: number;
  readonly startsPerMinute: number;
  /** Share of each class in each site that must stay able to serve. */
  readonly servingFloorShare: number;
}

const { takenAtOnce, startsPerMinute, servingFloorShare } = lifecycleNumbers;

/** The compiled bounds: the most that is ever taken, the least that ever serves. */
export const compiledBudgets: Budgets = {
  rack: takenAtOnce.rack,
  feed: takenAtOnce.feed,
  siteHosts: takenAtOnce.siteHostsMin,
  siteShare: takenAtOnce.siteShare,
  cell: takenAtOnce.cell,
  startsPerMinute,
  servingFloorShare,
};

export interface BudgetProblem {
  readonly key: keyof Budgets;
  /** `budget rack is 5; at most 1 is allowed`. */
  readonly words: string;
}

/**
 * What somebody configured, where it is stricter than the compiled bounds. Anything looser, zero, or
 * no number is refused: a budget is never raised and never off.
 */
export function readBudgets(
  configured: Partial<Budgets>,
): Result<Budgets, readonly BudgetProblem[]> {
  const problems: BudgetProblem[] = [];
  const read = (key: keyof Budgets): number => {
    const value = configured[key];
    const bound = compiledBudgets[key];
    if (value === undefined) return bound;
    const words = whyNot(key, value, bound);
    if (words !== null) problems.push({ key, words: `budget ${key} is ${value}; ${words}` });
    return value;
  };
  const budgets: Budgets = {
    rack: read("rack"),
    feed: read("feed"),
    siteHosts: read("siteHosts"),
    siteShare: read("siteShare"),
    cell: read("cell"),
    startsPerMinute: read("startsPerMinute"),
    servingFloorShare: read("servingFloorShare"),
  };
  return problems.length === 0 ? ok(budgets) : fail(problems);
}

function whyNot(key: keyof Budgets, value: number, bound: number): string | null {
  if (typeof value !== "number" || !Number.isFinite(value)) return "it must be a number";
  if (key === "servingFloorShare") {
    if (value < bound) return `at least ${bound} must stay able to serve`;
    return value > 1 ? "more than all of them cannot serve" : null;
  }
  if (value > bound) return `at most ${bound} is allowed`;
  if (key === "siteShare") return value > 0 ? null : "it cannot be switched off";
  return Number.isSafeInteger(value) && value >= 1 ? null : "it must be a whole number from 1";
}

/** How many hosts of a site may be taken at once. */
export function siteLimit(budgets: Budgets, hostsInSite: number): number {
  return Math.max(budgets.siteHosts, Math.floor(hostsInSite * budgets.siteShare));
}

/**
 * How many of a class in a site must stay able to serve. One may always be out, or the only host of
 * its class could never be mended.
 */
export function servingFloor(budgets: Budgets, total: number): number {
  return Math.max(0, Math.min(Math.ceil(total * budgets.servingFloorShare), total - 1));
}
