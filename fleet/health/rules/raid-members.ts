import type { LatestValue } from "#fleet/telemetry/telemetry.ts";
import { certain, fine, type Grade } from "../grade.ts";
import type { HealthRule } from "../health-rule.ts";
import { attributeOf, partIdOf } from "../part.ts";
import { observe } from "../rule-kinds.ts";
import { timings } from "../thresholds.ts";

/** Members that an array has lost; one with no active member left holds no data any more. */
export const raidMembers: HealthRule = {
  name: "raid-members",
  looksAt: "members of arrays",
  partKind: "array",
  ...timings.lost,
  clearsWhen: "no failed or missing member for 5 min",
  metrics: ["wws.raid.devices"],
  isQuiet: () => false,
  judge({ values }) {
    const arrays = new Map<string, { of: LatestValue; counts: Map<string, number> }>();
    for (const of of values("wws.raid.devices")) {
      const id = partIdOf(of.series);
      const array = arrays.get(id) ?? { of, counts: new Map<string, number>() };
      array.counts.set(attributeOf(of.series, "wws.raid.state") ?? "", of.value);
      arrays.set(id, array);
    }
    return [...arrays.values()].map(({ of, counts }) =>
      observe(of, judgeArray(counts), () => wordsOf(counts)),
    );
  },
};

function judgeArray(counts: ReadonlyMap<string, number>): Grade {
  const lost = (counts.get("failed") ?? 0) + (counts.get("missing") ?? 0);
  if (lost === 0) return fine;
  return certain(counts.get("active") === 0 ? "failed" : "degraded");
}

function wordsOf(counts: ReadonlyMap<string, number>): string {
  const shown = [...counts].filter(([state, count]) => count > 0 || state === "active");
  return `members: ${shown.map(([state, count]) => `${count} ${state}`).join(", ")}`;
}
