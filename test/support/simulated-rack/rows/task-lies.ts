import type { LieRow } from "#test/support/simulated-rack/lie-row.ts";

export const taskLies: readonly LieRow[] = [
  {
    id: "B100",
    name: "monitor-vanishes",
    group: "task",
    isFirst: true,
    protocols: ["RF"],
    ends: ["A"],
    source: "mop#668, #617; ibmdev#3197; bmclib: providers/lenovo/lenovo.go",
  },
  {
    id: "B101",
    name: "completed-but-critical",
    group: "task",
    isFirst: false,
    protocols: ["RF"],
    ends: ["A", "Q:job-failed"],
    source: "mop#453",
  },
  {
    id: "B102",
    name: "task-state-odd",
    group: "task",
    isFirst: false,
    protocols: ["RF"],
    ends: ["A"],
    source:
      "ironic rn fix-firmware-update-new-task-state, fix-idrac-tasks-fwupd, fix-firmware-update-when-task-remains-running",
  },
  {
    id: "B103",
    name: "job-404-at-birth",
    group: "task",
    isFirst: false,
    protocols: ["RF"],
    ends: ["A"],
    source: "sushy rn fix-dell-bmc-404-race-condition",
  },
  {
    id: "B104",
    name: "done-before-done",
    group: "task",
    isFirst: false,
    protocols: ["RF"],
    ends: ["A"],
    source: "ibmdev#3595",
  },
  {
    id: "B105",
    name: "running-for-ever",
    group: "task",
    isFirst: false,
    protocols: ["RF"],
    ends: ["A", "Q:job-stuck"],
    source: "openbmc-test-automation#2229; mop#453",
  },
];
