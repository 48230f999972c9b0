import type { HealthRule } from "./health-rule.ts";
import { clockOff } from "./rules/clock-off.ts";
import { cpuThrottling } from "./rules/cpu-throttling.ts";
import { diskAttributesFailing } from "./rules/disk-attributes-failing.ts";
import { diskCommandTimeout } from "./rules/disk-command-timeout.ts";
import { diskEndurance } from "./rules/disk-endurance.ts";
import { diskGrownDefects } from "./rules/disk-grown-defects.ts";
import { diskInterface } from "./rules/disk-interface.ts";
import { diskMedia } from "./rules/disk-media.ts";
import { diskOfflineUncorrectable } from "./rules/disk-offline-uncorrectable.ts";
import { diskPending } from "./rules/disk-pending.ts";
import { diskReallocated } from "./rules/disk-reallocated.ts";
import { diskReportedUncorrectable } from "./rules/disk-reported-uncorrectable.ts";
import { diskSelfTest } from "./rules/disk-self-test.ts";
import { diskSelfVerdict } from "./rules/disk-self-verdict.ts";
import { diskSpare } from "./rules/disk-spare.ts";
import { diskUncorrected } from "./rules/disk-uncorrected.ts";
import { fanStopped } from "./rules/fan-stopped.ts";
import { filesystemFull } from "./rules/filesystem-full.ts";
import { filesystemReadonly } from "./rules/filesystem-readonly.ts";
import { gpuUncorrected } from "./rules/gpu-uncorrected.ts";
import { gpuXid } from "./rules/gpu-xid.ts";
import { linkFlapping } from "./rules/link-flapping.ts";
import { machineCheck } from "./rules/machine-check.ts";
import { memoryCorrected } from "./rules/memory-corrected.ts";
import { memoryUncorrected } from "./rules/memory-uncorrected.ts";
import { multipathLost } from "./rules/multipath-lost.ts";
import { nvmeCriticalWarning } from "./rules/nvme-critical-warning.ts";
import { raidBattery } from "./rules/raid-battery.ts";
import { raidDegraded } from "./rules/raid-degraded.ts";
import { raidMembers } from "./rules/raid-members.ts";
import { selFull } from "./rules/sel-full.ts";
import { supplyLost } from "./rules/supply-lost.ts";
import { supplyRedundancy } from "./rules/supply-redundancy.ts";
import { thermalMargin } from "./rules/thermal-margin.ts";

/** Every rule. What a rule says and its bounds stand in docs/health.md; a test holds the two together. */
export const allRules: readonly HealthRule[] = [
  clockOff,
  cpuThrottling,
  diskAttributesFailing,
  diskCommandTimeout,
  diskEndurance,
  diskGrownDefects,
  diskInterface,
  diskMedia,
  diskOfflineUncorrectable,
  diskPending,
  diskReallocated,
  diskReportedUncorrectable,
  diskSelfTest,
  diskSelfVerdict,
  diskSpare,
  diskUncorrected,
  fanStopped,
  filesystemFull,
  filesystemReadonly,
  gpuUncorrected,
  gpuXid,
  linkFlapping,
  machineCheck,
  memoryCorrected,
  memoryUncorrected,
  multipathLost,
  nvmeCriticalWarning,
  raidBattery,
  raidDegraded,
  raidMembers,
  selFull,
  supplyLost,
  supplyRedundancy,
  thermalMargin,
];
