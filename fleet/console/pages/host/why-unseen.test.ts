import { expect, test } from "vitest";
import { someHost } from "../../some-host.test-data.ts";
import { whyUnseen } from "./why-unseen.ts";

const absence = {
  what: "hw.host.power",
  attributes: {},
  reason: "no-kernel-interface",
  meaning: "the kernel shows no such file: driver not loaded, or not built",
  detail: "",
};
const inventory = {
  absences: [absence],
  metrics: [{ metric: "hw.temperature", unit: "Cel", series: 1, by: [] }],
};

test("what the host said about the absence is told, with its detail", () => {
  expect(whyUnseen(someHost(), inventory, "hw.host.power")).toBe(
    "The kernel shows no such file: driver not loaded, or not built.",
  );
  const detailed = { ...inventory, absences: [{ ...absence, detail: "no hwmon" }] };
  expect(whyUnseen(someHost(), detailed, "hw.host.power")).toMatch(/\(no hwmon\)$/);
});

test("a metric that is reported was only not seen in this range", () => {
  expect(whyUnseen(someHost(), inventory, "hw.temperature")).toContain("not in this range");
});

test("a host that never connected cannot have said anything", () => {
  const never = someHost({
    link: { state: "never", sinceMs: null, lastHeardMs: null, clockOffsetMs: null },
  });
  expect(whyUnseen(never, undefined, "hw.temperature")).toContain("has not connected");
});

test("without its facts nothing is guessed", () => {
  expect(whyUnseen(someHost(), undefined, "hw.temperature")).toContain("has not said yet");
  expect(whyUnseen(someHost(), inventory, "hw.fan.speed")).toBe("The host does not report it.");
});
