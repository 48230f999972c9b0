import { expect, test } from "vitest";
import type { OperationId } from "#proto/vocabulary/ids.ts";
import { createFakeHost } from "#test/support/fake-host-control.ts";
import { joinControls } from "./joined-control.ts";

const name = { operationId: "01930000-0000-7000-8000-00000000000a" as OperationId, epoch: 7 };

test("both are seen and both act; what either cannot is a problem of the whole", async () => {
  const first = createFakeHost(["systemd:photo"]);
  const second = createFakeHost(["hook/vm:guest"]);
  const joined = joinControls(first.control, second.control);
  second.unasked = ["hook/x: gave no answer"];
  const sight = await joined.look();
  expect(sight.workloads.map((workload) => workload.name)).toEqual([
    "systemd:photo",
    "hook/vm:guest",
  ]);
  expect(sight.unasked).toEqual(["hook/x: gave no answer"]);
  second.problems = ["hands: no"];
  expect(await joined.fence(name)).toEqual({ problems: ["hands: no"] });
  expect([first.isFenced, second.isFenced]).toEqual([true, false]);
});

test("it knows of no workloads only where neither does, and the second restarts the system", async () => {
  const [first, second] = [createFakeHost([]), createFakeHost([])];
  const joined = joinControls(first.control, second.control);
  first.note = "no adapter";
  expect((await joined.look()).note).toBe("");
  second.note = "no adapter";
  expect((await joined.look()).note).toBe("no adapter");
  await joined.reboot({ ...name, graceMs: 1 });
  expect([first.reboots, second.reboots]).toEqual([0, 1]);
});
