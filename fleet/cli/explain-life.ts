import type { LifeExplanationView } from "#fleet/api/life-schemas.ts";
import { shellQuote } from "#proto/vocabulary/shell-words.ts";
import { operationLines } from "./operation-words.ts";
import { exitLine, whyLine } from "./why-words.ts";
import { utcWords, span } from "./words.ts";

type Line = readonly [string, string];
type Whys = LifeExplanationView["waitsFor"];

/** Where a host stands in its life, why it takes no new work, what it waits for, what comes next. */
export function lifeLines(name: string, life: LifeExplanationView, nowMs: number): readonly Line[] {
  const here = `wws-fleet host explain ${shellQuote(name)}`;
  const { phase, sinceMs, lifecycle, schedulable, operation, next } = life;
  const since = sinceMs === null ? "" : ` for ${span(nowMs - sinceMs)}`;
  const word = lifecycle === phase ? "" : ` (${lifecycle})`;
  const allowed = life.verbs.filter(({ isAllowed }) => isAllowed).map(({ verb }) => verb);
  return [
    ["phase", `${phase}${since}${word}`],
    ["data", life.data],
    ...life.holds.map((hold): Line => ["held", `${hold.kind} by ${hold.holder}: ${hold.reason}`]),
    ...life.leases.map(
      (lease): Line => [
        "leased",
        `${lease.share} to ${lease.tenant}, notice ${lease.notice}, in a drain ${lease.evacuation}`,
      ],
    ),
    ["new work", schedulable.isSchedulable ? "takes it" : "takes none"],
    ...whyLines("  because", schedulable.why, here),
    ...(operation === null ? [] : operationLines(operation, nowMs)),
    ...(operation === null ? whyLines("waits for", life.waitsFor, here) : []),
    [
      "next",
      next === null
        ? "nothing by itself"
        : `${next.words}${next.atMs === null ? "" : `, at ${utcWords(next.atMs)}`}`,
    ],
    ["may be done", allowed.join(", ") || "nothing"],
    ...life.verbs
      .filter(({ verb, isAllowed }) => !isAllowed && toldVerbs.has(verb))
      .flatMap(({ verb, why }) => whyLines(`no ${verb}`, why.slice(0, 1), here)),
  ];
}

/** What people ask for; the others stand in `-o json`. */
const toldVerbs = new Set(["drain", "return", "reboot", "clear"]);

/**
 * Each reason, and beneath it who can end it with which command: another than `here`, which is read
 * already. Of such a reason it is told who can end it, unless any reader can.
 */
function whyLines(name: string, whys: Whys, here: string): readonly Line[] {
  return whys.flatMap((why): readonly Line[] => {
    const isRead = why.command === here;
    const exit =
      isRead && why.who === "an operator"
        ? null
        : exitLine({ who: why.who, command: isRead ? null : why.command });
    return exit === null
      ? [[name, whyLine(why)]]
      : [
          [name, whyLine(why)],
          ["  ends it", exit],
        ];
  });
}
