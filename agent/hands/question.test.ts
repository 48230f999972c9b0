import { expect, test } from "vitest";
import { fc } from "#test/support/properties.ts";
import { handsLimits } from "./hands-limits.ts";
import { parseHandsQuestion } from "./question.ts";

const name = {
  operationId: "01930000-0000-7000-8000-00000000000a",
  epoch: 7,
  hostId: "01930000-0000-7000-8000-00000000000b",
  generation: 1,
};
const evacuate = { kind: "evacuate", ...name, deadlineMs: 5, graceMs: 1, isHard: false };

test.each([
  { kind: "look" },
  { kind: "fence", ...name },
  { kind: "hold-fence", ...name },
  { kind: "halt", ...name },
  { ...evacuate, workloads: ["systemd:photo.service"] },
  { kind: "release", ...name, restart: [] },
  { kind: "reboot", ...name, graceMs: 60_000 },
])("$kind is a question", (question) => {
  expect(parseHandsQuestion(question)).toEqual({ ok: true, value: question });
});

test.each<readonly [string, unknown]>([
  ["no object", ["look"]],
  ["another kind", { kind: "run", ...name }],
  ["no operation", { kind: "fence", ...name, operationId: "../x" }],
  ["no host", { kind: "fence", ...name, hostId: 5 }],
  ["no epoch", { kind: "fence", ...name, epoch: "7" }],
  ["an epoch below zero", { kind: "fence", ...name, epoch: -1 }],
  ["an epoch beyond counting", { kind: "fence", ...name, epoch: 2 ** 53 }],
  ["patterns of its own", { kind: "fence", ...name, systemd: ["*.service"] }],
  ["a hook folder of its own", { kind: "look", hooks: "/tmp" }],
  ["a time of no time", { ...evacuate, deadlineMs: Number.NaN, workloads: [] }],
  ["a grace of years", { ...evacuate, graceMs: handsLimits.graceMsMax + 1, workloads: [] }],
  ["one name instead of a list", { ...evacuate, workloads: "photo.service" }],
  ["too many names", { ...evacuate, workloads: Array.from({ length: 1_025 }, () => "a") }],
  ["a name that is empty", { kind: "release", ...name, restart: [""] }],
  ["a name without end", { kind: "release", ...name, restart: ["x".repeat(513)] }],
  ["a reboot without grace", { kind: "reboot", ...name }],
])("%s is refused", (_what, question) => {
  expect(parseHandsQuestion(question).ok).toBe(false);
});

test("nothing that can be said makes it throw, and no field passes that was not asked for", () => {
  const field = fc.constantFrom(
    "kind",
    "epoch",
    "workloads",
    "restart",
    "hostId",
    "__proto__",
    "x",
  );
  fc.assert(
    fc.property(fc.dictionary(field, fc.jsonValue()), (question) => {
      const parsed = parseHandsQuestion(question);
      if (parsed.ok) expect(Object.keys(parsed.value)).toEqual(["kind"]);
    }),
  );
});
