import { expect, test } from "vitest";
import type { LifeExplanationView } from "#fleet/api/life-schemas.ts";
import { virtualStartMs } from "#test/support/virtual-clock.ts";
import { lifeLines } from "./explain-life.ts";

const life: LifeExplanationView = {
  phase: "active",
  sinceMs: null,
  lifecycle: "active",
  holds: [],
  leases: [],
  data: "tainted",
  schedulable: { isSchedulable: true, why: [] },
  operation: null,
  waitsFor: [],
  next: null,
  verbs: [],
};

const noReboot = (who: string, command: string | null) =>
  lifeLines(
    "web-1",
    {
      ...life,
      verbs: [
        {
          verb: "reboot",
          isAllowed: false,
          why: [{ code: "link", words: "it is not heard", who, command, untilMs: null }],
        },
      ],
    },
    virtualStartMs,
  ).slice(-2);

test("the command that is being read is left out, who can end a reason is not", () => {
  expect(noReboot("its agent, by connecting", "wws-fleet host explain web-1")).toEqual([
    ["no reboot", "it is not heard"],
    ["  ends it", "its agent, by connecting"],
  ]);
  expect(noReboot("an operator", "wws-fleet host explain web-1").at(-1)).toEqual([
    "no reboot",
    "it is not heard",
  ]);
  expect(noReboot("an operator", "wws-fleet op list").at(-1)).toEqual([
    "  ends it",
    "an operator: wws-fleet op list",
  ]);
});
