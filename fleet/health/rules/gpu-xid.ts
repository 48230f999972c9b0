import { countRule, stopsGrowing } from "../rule-kinds.ts";
import { thresholds, timings } from "../thresholds.ts";

/** NVIDIA's driver reports an Xid: a fault of the card, of its link, or of a program. */
export const gpuXid = countRule({
  name: "gpu-xid",
  looksAt: "GPU driver errors (Xid)",
  partKind: "gpu",
  ...timings.counted,
  clearsWhen: stopsGrowing,
  metric: "hw.errors",
  where: { "hw.type": "gpu", "error.type": "xid" },
  bounds: thresholds.gpuXids,
  counted: "Xid errors",
  restarts: true,
});
