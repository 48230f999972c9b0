import { describe, expect, test } from "vitest";
import { type Component, unknownComponent } from "#proto/messages/state.ts";
import { evidenceFrom, type SaidReading } from "#test/support/health-evidence.ts";
import { allRules } from "./all-rules.ts";
import { newHostMemory, packMemory, unpackMemory } from "./host-memory.ts";
import { judgeHost } from "./judge-host.ts";

const startMs = 1_800_000_000_000;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const disk: Component = { ...unknownComponent, kind: "disk", slot: "sda", serial: "Z1" };

function createStory() {
  let memory = newHostMemory();
  let nowMs = startMs;
  const judge = (
    readings: readonly SaidReading[],
    more: { isSilent?: boolean; clockOffsetMs?: number } = {},
  ) =>
    judgeHost(
      memory,
      evidenceFrom(readings, { nowMs, clockOffsetMs: more.clockOffsetMs ?? null }),
      {
        rules: allRules,
        components: [disk],
        isSilent: more.isSilent ?? false,
      },
    );
  return {
    judge,
    /** Judges every minute. */
    judgeFor(ms: number, readings: readonly SaidReading[], more: { isSilent?: boolean } = {}) {
      let last = judge(readings, more);
      for (let passed = 0; passed < ms; passed += minuteMs) {
        nowMs += minuteMs;
        last = judge(readings, more);
      }
      return last;
    },
    later: (ms: number) => {
      nowMs += ms;
    },
    restart: () => {
      memory = unpackMemory(JSON.parse(JSON.stringify(packMemory(memory))));
    },
  };
}

const sectors = (value: number, state = "reallocated"): SaidReading => ({
  metric: "wws.disk.sectors",
  attributes: {
    "hw.id": "Z1",
    "hw.name": "sda",
    "hw.type": "physical_disk",
    "wws.sector.state": state,
  },
  value,
});

test("where nothing was seen the verdict is unknown, never ok", () => {
  const { view } = createStory().judge([]);
  expect(view).toMatchObject({ verdict: "unknown", findings: [], judged: {} });
});

test("what a rule could judge and found fine is ok", () => {
  const { view } = createStory().judge([sectors(0)]);
  expect(view).toMatchObject({ verdict: "ok", findings: [], judged: { "disk-reallocated": 1 } });
});

test("a metric that no rule knows makes nothing ok", () => {
  const { view } = createStory().judge([{ metric: "system.cpu.utilization", value: 0.5 }]);
  expect(view.verdict).toBe("unknown");
});

describe("304 old reallocated sectors", () => {
  test("that do not grow are degraded at most", () => {
    const story = createStory();
    const { view } = story.judgeFor(30 * hourMs, [sectors(304)]);
    expect(view.verdict).toBe("degraded");
    expect(view.findings).toMatchObject([
      {
        rule: "disk-reallocated",
        verdict: "degraded",
        component: { kind: "disk", id: "Z1", name: "sda", slot: "sda", serial: "Z1" },
        detail: "reallocated sectors: 304, none new in the last 24 h",
        sinceMs: startMs,
      },
    ]);
  });

  test("that grow are failing, and degraded again a day after the last new one", () => {
    const story = createStory();
    story.judgeFor(hourMs, [sectors(304)]);
    const grown = story.judge([sectors(312)]);
    expect(grown.changes).toMatchObject([{ kind: "worse" }]);
    expect(grown.view.findings[0]).toMatchObject({
      verdict: "failing",
      detail: "reallocated sectors: 312, 8 of them in the last 24 h",
      sinceMs: startMs,
    });
    expect(story.judgeFor(22 * hourMs, [sectors(312)]).view.verdict).toBe("failing");
    expect(story.judgeFor(3 * hourMs, [sectors(312)]).view.verdict).toBe("degraded");
  });

  test("keep their past when the kernel gives the disk another name", () => {
    const story = createStory();
    story.judge([sectors(304)]);
    const renamed = sectors(305);
    const attributes = { ...renamed.attributes, "hw.name": "sdb" };
    expect(story.judge([{ ...renamed, attributes }]).view.verdict).toBe("failing");
  });

  test("do not grow at every look because the disk's old name still stands beside its new one", () => {
    const story = createStory();
    const errors = (name: string, value: number, ageMs = 0): SaidReading => ({
      metric: "hw.errors",
      attributes: {
        "hw.id": "Z1",
        "hw.name": name,
        "hw.type": "physical_disk",
        "error.type": "crc",
      },
      value,
      ageMs,
    });
    story.judge([errors("sda", 50)]);
    const both = [errors("sdb", 51), errors("sda", 50, 60_000)];
    expect(story.judgeFor(hourMs, both).view.verdict).toBe("ok");
    expect(story.judgeFor(hourMs, both.toReversed()).view.verdict).toBe("ok");
  });

  test("that grow while the manager restarts are failing as well", () => {
    const story = createStory();
    story.judge([sectors(304)]);
    story.restart();
    story.later(hourMs);
    expect(story.judge([sectors(305)]).view.verdict).toBe("failing");
  });
});

test("a hold that has begun goes on after a restart, but not while nobody watched", () => {
  const story = createStory();
  const supply: SaidReading = {
    metric: "hw.power_supply.status",
    attributes: { "hw.id": "PSU1", "hw.type": "power_supply" },
    value: 0,
  };
  story.judge([supply]);
  story.later(30_000);
  expect(story.judge([supply]).view.verdict).toBe("ok");
  story.restart();
  story.later(40_000);
  expect(story.judge([supply]).view).toMatchObject({
    verdict: "degraded",
    findings: [{ rule: "supply-lost", component: { kind: "psu", name: "PSU1" } }],
  });
});

test("a part that is not shown any more keeps its finding for an hour, marked as old", () => {
  const story = createStory();
  story.judge([sectors(9)]);
  const other = sectors(0, "pending");
  const gone = story.judgeFor(30 * minuteMs, [other]);
  expect(gone.view.findings).toMatchObject([{ rule: "disk-reallocated", isStale: true }]);
  story.later(31 * minuteMs);
  const dropped = story.judge([other]);
  expect(dropped.changes).toMatchObject([{ kind: "gone" }]);
  expect(dropped.view).toMatchObject({ verdict: "ok", findings: [] });
});

test("a host that is silent keeps its findings for a day, and is unknown after that", () => {
  const story = createStory();
  story.judge([sectors(9)]);
  story.later(23 * hourMs);
  expect(story.judge([], { isSilent: true }).view).toMatchObject({
    verdict: "degraded",
    findings: [{ isStale: true }],
  });
  story.later(2 * hourMs);
  const after = story.judge([], { isSilent: true });
  expect(after.changes).toMatchObject([{ kind: "aged" }]);
  expect(after.view.verdict).toBe("unknown");
});

test("a clock that jumps back raises nothing early and clears nothing early", () => {
  const story = createStory();
  const full: SaidReading = {
    metric: "system.filesystem.utilization",
    attributes: { "system.filesystem.mountpoint": "/" },
    value: 0.99,
  };
  story.judgeFor(10 * minuteMs, [full]);
  story.later(-hourMs);
  expect(story.judge([{ ...full, value: 0.1 }]).view.verdict).toBe("failing");
  expect(story.judgeFor(2 * minuteMs, [{ ...full, value: 0.1 }]).view.verdict).toBe("failing");
  expect(story.judgeFor(20 * minuteMs, [{ ...full, value: 0.1 }]).view.verdict).toBe("ok");
});

test("the worst finding comes first and gives the verdict", () => {
  const story = createStory();
  const { view } = story.judge([
    sectors(9),
    {
      metric: "wws.disk.critical_warning",
      attributes: { "hw.id": "N1", "hw.type": "physical_disk" },
      value: 8,
    },
  ]);
  expect(view.verdict).toBe("failed");
  expect(view.findings.map(({ rule }) => rule)).toEqual([
    "nvme-critical-warning",
    "disk-reallocated",
  ]);
});

test("findings of one host are bounded", () => {
  const many = Array.from(
    { length: 400 },
    (_, index): SaidReading => ({
      metric: "wws.disk.smart.passed",
      attributes: { "hw.id": `D${index}`, "hw.type": "physical_disk" },
      value: 0,
    }),
  );
  expect(createStory().judge(many).view.findings).toHaveLength(256);
});
