import type { LatestValue } from "#fleet/telemetry/telemetry.ts";
import { certain, fine } from "../grade.ts";
import type { HealthRule } from "../health-rule.ts";
import { attributeOf, partIdOf } from "../part.ts";
import { observe } from "../rule-kinds.ts";
import { timings } from "../thresholds.ts";

/** Ways to a disk that are lost; without any the disk is not there. */
export const multipathLost: HealthRule = {
  name: "multipath-lost",
  looksAt: "paths to disks",
  partKind: "disk",
  ...timings.lost,
  clearsWhen: "all paths for 5 min",
  metrics: ["wws.multipath.paths"],
  isQuiet: () => false,
  judge({ values }) {
    const disks = new Map<string, { of: LatestValue; active: number | null; failed: number }>();
    for (const of of values("wws.multipath.paths")) {
      const id = partIdOf(of.series);
      const disk = disks.get(id) ?? { of, active: null, failed: 0 };
      const state = attributeOf(of.series, "wws.path.state");
      if (state === "active") disk.active = of.value;
      if (state === "failed") disk.failed = of.value;
      disks.set(id, disk);
    }
    return [...disks.values()].map(({ of, active, failed }) => {
      const grade = active === 0 ? certain("failed") : failed > 0 ? certain("degraded") : fine;
      return observe(of, grade, () => `paths: ${active ?? "?"} active, ${failed} failed`);
    });
  },
};
