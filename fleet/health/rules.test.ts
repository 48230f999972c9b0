import { describe, expect, test } from "vitest";
import { metrics } from "#proto/vocabulary/metrics.ts";
import { evidenceFrom, type SaidReading } from "#test/support/health-evidence.ts";
import { allRules } from "./all-rules.ts";
import { createGrowthBook } from "./growth.ts";
import type { Observation } from "./health-rule.ts";

const nowMs = 1_800_000_000_000;
const hourMs = 3_600_000;

function judge(
  name: string,
  looks: readonly (readonly SaidReading[])[],
  clockOffsetMs: number | null = null,
): readonly Observation[] {
  const rule = allRules.find((one) => one.name === name);
  if (rule === undefined) throw new Error(`no rule ${name}`);
  const book = createGrowthBook();
  let answer: readonly Observation[] = [];
  for (const [index, readings] of looks.entries())
    answer = rule.judge(
      evidenceFrom(readings, { nowMs: nowMs + index * hourMs, clockOffsetMs }),
      book,
    );
  return answer;
}
const levels = (observations: readonly Observation[]) => observations.map(({ level }) => level);

const drive = { "hw.id": "Z1", "hw.type": "physical_disk" };
const sectors = (state: string, value: number): SaidReading => ({
  metric: "wws.disk.sectors",
  attributes: { ...drive, "wws.sector.state": state },
  value,
});
const errors = (type: string, error: string, value: number): SaidReading => ({
  metric: "hw.errors",
  attributes: { "hw.id": "X1", "hw.type": type, "error.type": error },
  value,
});
const one = (metric: SaidReading["metric"], value: number, attributes = {}): SaidReading => ({
  metric,
  attributes: { "hw.id": "X1", ...attributes },
  value,
});

describe("every rule", () => {
  test("has a name of its own, words, and metrics that exist", () => {
    expect(new Set(allRules.map(({ name }) => name)).size).toBe(allRules.length);
    for (const rule of allRules) {
      expect(rule.looksAt).not.toBe("");
      expect(rule.clearsWhen).not.toBe("");
      for (const metric of rule.metrics) expect(metrics[metric]).toBeDefined();
    }
  });

  test.each(allRules.map(({ name }) => name))("%s says nothing where it sees nothing", (name) => {
    expect(judge(name, [[]])).toEqual([]);
  });
});

/** What a rule says of a last look, after the looks before it an hour apart. */
test.each<[string, readonly (readonly SaidReading[])[], readonly (string | null)[]]>([
  ["disk-reallocated", [[sectors("reallocated", 0)]], [null]],
  ["disk-reallocated", [[sectors("reallocated", 304)]], ["degraded"]],
  ["disk-reallocated", [[sectors("reallocated", 304)], [sectors("reallocated", 305)]], ["failing"]],
  ["disk-reallocated", [[sectors("pending", 8)]], []],
  ["disk-pending", [[sectors("pending", 8)]], ["degraded"]],
  ["disk-pending", [[sectors("pending", 8)], [sectors("pending", 0)]], [null]],
  ["disk-pending", [[sectors("pending", 0)], [sectors("pending", 8)]], ["failing"]],
  ["disk-offline-uncorrectable", [[sectors("offline_uncorrectable", 1)]], ["degraded"]],
  [
    "disk-reported-uncorrectable",
    [[errors("physical_disk", "reported_uncorrectable", 3)]],
    ["degraded"],
  ],
  ["disk-command-timeout", [[errors("physical_disk", "command_timeout", 4)]], [null]],
  [
    "disk-command-timeout",
    [
      [errors("physical_disk", "command_timeout", 4)],
      [errors("physical_disk", "command_timeout", 5)],
    ],
    ["degraded"],
  ],
  [
    "disk-command-timeout",
    [
      [errors("physical_disk", "command_timeout", 4)],
      [errors("physical_disk", "command_timeout", 40)],
    ],
    ["failing"],
  ],
  ["disk-media", [[errors("physical_disk", "media", 7)]], ["degraded"]],
  [
    "disk-media",
    [[errors("physical_disk", "media", 7)], [errors("physical_disk", "media", 8)]],
    ["failing"],
  ],
  ["disk-uncorrected", [[errors("physical_disk", "uncorrected", 2)]], ["degraded"]],
  ["disk-grown-defects", [[errors("physical_disk", "grown_defect", 260)]], ["degraded"]],
  ["disk-interface", [[errors("physical_disk", "crc", 5_000)]], [null]],
  [
    "disk-interface",
    [[errors("physical_disk", "crc", 0)], [errors("physical_disk", "crc", 50_000)]],
    ["degraded"],
  ],
  ["disk-self-verdict", [[one("wws.disk.smart.passed", 1)]], [null]],
  ["disk-self-verdict", [[one("wws.disk.smart.passed", 0)]], ["failing"]],
  ["disk-attributes-failing", [[one("wws.disk.attributes_failing", 0)]], [null]],
  ["disk-attributes-failing", [[one("wws.disk.attributes_failing", 1)]], ["failing"]],
  ["disk-self-test", [[one("wws.disk.self_test.passed", 0)]], ["failing"]],
  ["disk-spare", [[one("wws.disk.spare_margin", 0.9)]], [null]],
  ["disk-spare", [[one("wws.disk.spare_margin", 0.08)]], ["degraded"]],
  ["disk-spare", [[one("wws.disk.spare_margin", -0.01)]], ["failing"]],
  ["disk-endurance", [[one("hw.physical_disk.endurance_utilization", 0.73)]], [null]],
  ["disk-endurance", [[one("hw.physical_disk.endurance_utilization", 1.4)]], ["degraded"]],
  ["nvme-critical-warning", [[one("wws.disk.critical_warning", 0)]], [null]],
  ["nvme-critical-warning", [[one("wws.disk.critical_warning", 2)]], ["degraded"]],
  ["nvme-critical-warning", [[one("wws.disk.critical_warning", 3)]], ["failing"]],
  ["nvme-critical-warning", [[one("wws.disk.critical_warning", 12)]], ["failed"]],
  ["nvme-critical-warning", [[one("wws.disk.critical_warning", -1)]], [null]],
  ["memory-corrected", [[errors("memory", "corrected", 5_000)]], [null]],
  [
    "memory-corrected",
    [[errors("memory", "corrected", 0)], [errors("memory", "corrected", 12)]],
    ["degraded"],
  ],
  [
    "memory-corrected",
    [[errors("memory", "corrected", 0)], [errors("memory", "corrected", 2_000)]],
    ["failing"],
  ],
  [
    "memory-corrected",
    [[errors("memory", "corrected", 50)], [errors("memory", "corrected", 3)]],
    [null],
  ],
  ["memory-uncorrected", [[errors("memory", "uncorrected", 0)]], [null]],
  ["memory-uncorrected", [[errors("memory", "uncorrected", 1)]], ["failing"]],
  ["memory-uncorrected", [[errors("physical_disk", "uncorrected", 1)]], []],
  [
    "machine-check",
    [[errors("cpu", "machine_check", 0)], [errors("cpu", "machine_check", 1)]],
    ["failing"],
  ],
  ["gpu-uncorrected", [[errors("gpu", "uncorrected", 2)]], ["degraded"]],
  ["gpu-xid", [[errors("gpu", "xid", 9)]], [null]],
  ["gpu-xid", [[errors("gpu", "xid", 9)], [errors("gpu", "xid", 10)]], ["degraded"]],
  ["supply-lost", [[one("hw.power_supply.status", 1)]], [null]],
  ["supply-lost", [[one("hw.power_supply.status", 0)]], ["degraded"]],
  ["supply-redundancy", [[one("hw.power_supply.redundant", 0)]], ["degraded"]],
  ["thermal-margin", [[one("hw.temperature.margin", 40)]], [null]],
  ["thermal-margin", [[one("hw.temperature.margin", 4)]], ["degraded"]],
  ["thermal-margin", [[one("hw.temperature.margin", -2)]], ["failing"]],
  ["cpu-throttling", [[one("wws.cpu.throttle_events", 0)]], [null]],
  ["cpu-throttling", [[one("wws.cpu.throttle_events", 3)]], ["degraded"]],
  ["fan-stopped", [[one("hw.fan.status", 1)]], [null]],
  ["fan-stopped", [[one("hw.fan.status", 0)]], ["degraded"]],
  [
    "fan-stopped",
    [[one("hw.fan.status", 0), one("hw.fan.status", 0, { "hw.id": "X2" })]],
    ["failing", "failing"],
  ],
  ["fan-stopped", [[one("hw.fan.speed", 0)]], [null]],
  ["fan-stopped", [[one("hw.fan.speed", 4_200)], [one("hw.fan.speed", 0)]], ["degraded"]],
  [
    "fan-stopped",
    [
      [one("hw.fan.speed", 1_200, { "hw.parent": "gpu0" })],
      [one("hw.fan.speed", 0, { "hw.parent": "gpu0" })],
    ],
    [],
  ],
  ["fan-stopped", [[one("hw.fan.speed", 0), one("hw.fan.status", 1)]], [null]],
  ["raid-degraded", [[one("wws.raid.degraded", 1)]], ["degraded"]],
  [
    "raid-members",
    [
      [
        one("wws.raid.devices", 4, { "wws.raid.state": "active" }),
        one("wws.raid.devices", 0, { "wws.raid.state": "failed" }),
      ],
    ],
    [null],
  ],
  [
    "raid-members",
    [
      [
        one("wws.raid.devices", 3, { "wws.raid.state": "active" }),
        one("wws.raid.devices", 1, { "wws.raid.state": "missing" }),
      ],
    ],
    ["degraded"],
  ],
  [
    "raid-members",
    [
      [
        one("wws.raid.devices", 0, { "wws.raid.state": "active" }),
        one("wws.raid.devices", 2, { "wws.raid.state": "failed" }),
      ],
    ],
    ["failed"],
  ],
  ["raid-battery", [[one("wws.raid.battery.ok", 0)]], ["degraded"]],
  ["filesystem-readonly", [[one("system.filesystem.readonly", 0)]], [null]],
  ["filesystem-readonly", [[one("system.filesystem.readonly", 1)]], ["failing"]],
  ["filesystem-full", [[one("system.filesystem.utilization", 0.89)]], [null]],
  ["filesystem-full", [[one("system.filesystem.utilization", 0.91)]], ["degraded"]],
  ["filesystem-full", [[one("system.filesystem.utilization", 1)]], ["failing"]],
  ["link-flapping", [[one("wws.network.carrier_changes", 4_000)]], [null]],
  [
    "link-flapping",
    [[one("wws.network.carrier_changes", 4)], [one("wws.network.carrier_changes", 15)]],
    ["degraded"],
  ],
  [
    "link-flapping",
    [[one("wws.network.carrier_changes", 40)], [one("wws.network.carrier_changes", 2)]],
    [null],
  ],
  ["sel-full", [[one("wws.bmc.sel.usage", 0.57)]], [null]],
  ["sel-full", [[one("wws.bmc.sel.usage", 0.95)]], ["degraded"]],
  ["multipath-lost", [[one("wws.multipath.paths", 4, { "wws.path.state": "active" })]], [null]],
  [
    "multipath-lost",
    [
      [
        one("wws.multipath.paths", 2, { "wws.path.state": "active" }),
        one("wws.multipath.paths", 2, { "wws.path.state": "failed" }),
      ],
    ],
    ["degraded"],
  ],
  [
    "multipath-lost",
    [
      [
        one("wws.multipath.paths", 0, { "wws.path.state": "active" }),
        one("wws.multipath.paths", 4, { "wws.path.state": "failed" }),
      ],
    ],
    ["failed"],
  ],
])("%s of %j says %j", (name, looks, expected) => {
  expect(levels(judge(name, looks))).toEqual(expected);
});

test.each([
  [null, []],
  [120, [null]],
  [-2_500, ["degraded"]],
  [31_000, ["failing"]],
])("a clock that is %j ms off is %j", (offset, expected) => {
  const observations = judge("clock-off", [[]], offset);
  expect(levels(observations)).toEqual(expected);
});

test("words have numbers and units", () => {
  const words = (name: string, reading: SaidReading) => judge(name, [[reading]])[0]?.detail();
  expect(words("thermal-margin", one("hw.temperature.margin", 4.25))).toBe(
    "4.3 °C below its critical limit",
  );
  expect(words("filesystem-full", one("system.filesystem.utilization", 0.9333))).toBe(
    "93.3 % full",
  );
  expect(words("nvme-critical-warning", one("wws.disk.critical_warning", 9))).toBe(
    "the drive warns (0x09): spare blocks are below the threshold; it has become read-only",
  );
  expect(judge("clock-off", [[]], -45_040)[0]?.detail()).toBe(
    "its clock is 45 s behind the manager's",
  );
});
