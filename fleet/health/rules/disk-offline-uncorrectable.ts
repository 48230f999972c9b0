import { countRule } from "../rule-kinds.ts";
import { thresholds, timings } from "../thresholds.ts";

/** SMART 198: sectors that the drive's own scan could not read. */
export const diskOfflineUncorrectable = countRule({
  name: "disk-offline-uncorrectable",
  looksAt: "offline uncorrectable sectors",
  partKind: "disk",
  ...timings.counted,
  clearsWhen: "a count of 0 (a replaced part), and 24 h without a new one",
  metric: "wws.disk.sectors",
  where: { "wws.sector.state": "offline_uncorrectable" },
  bounds: thresholds.tellingSectors,
  counted: "offline uncorrectable sectors",
});
