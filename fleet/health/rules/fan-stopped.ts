import type { LatestValue } from "#fleet/telemetry/telemetry.ts";
import { certain, fine } from "../grade.ts";
import { noteGrowth } from "../growth.ts";
import type { HealthRule } from "../health-rule.ts";
import { attributeOf, partIdOf } from "../part.ts";
import { observe } from "../rule-kinds.ts";
import { timings } from "../thresholds.ts";

/**
 * Fans that stand still. Where the sensor gives no status, 0 rpm counts only of a fan that was seen
 * turning: a header without a fan, and a card that rests its fan when cool, read 0 for ever. One is
 * made up for by the others; of two or more, heat is next.
 */
export const fanStopped: HealthRule = {
  name: "fan-stopped",
  looksAt: "fans",
  partKind: "fan",
  ...timings.lost,
  clearsWhen: "its turning for 5 min",
  metrics: ["hw.fan.status", "hw.fan.speed"],
  isQuiet: (_, value) => value > 0,
  judge({ values, nowMs }, book) {
    const told = values("hw.fan.status");
    const withStatus = new Set(told.map(({ series }) => partIdOf(series)));
    const untold = values("hw.fan.speed").filter(
      ({ series }) =>
        !withStatus.has(partIdOf(series)) && !/gpu/i.test(attributeOf(series, "hw.parent") ?? ""),
    );
    const stopped = new Set<LatestValue>(told.filter(({ value }) => value === 0));
    for (const fan of untold) {
      const key = `fan-turned|${partIdOf(fan.series)}`;
      // The book keeps it over restarts: a first value above zero is all that is asked of it.
      if (fan.value > 0 && !book.entries.has(key))
        noteGrowth(book, key, 1, { nowMs, restarts: false });
      if (fan.value === 0 && book.entries.has(key)) stopped.add(fan);
    }
    const verdict = stopped.size > 1 ? "failing" : "degraded";
    return [...told, ...untold].map((fan) =>
      observe(fan, stopped.has(fan) ? certain(verdict) : fine, () =>
        stopped.size > 1
          ? `stopped or failed, as are ${stopped.size} fans in all`
          : "stopped or failed",
      ),
    );
  },
};
