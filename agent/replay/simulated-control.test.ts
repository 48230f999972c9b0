import { expect, test } from "vitest";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { type HostControl, isThere } from "#agent/commands/host-control.ts";
import type { OperationId } from "#proto/vocabulary/ids.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { createSimulatedControl } from "./simulated-control.ts";

const name = { operationId: "01930000-0000-7000-8000-00000000000a" as OperationId, epoch: 1 };
const left = async (control: HostControl): Promise<string[]> =>
  (await control.look()).workloads.filter(isThere).map((workload) => workload.name);

test("a simulated host's work stops when it is asked to, and comes back when it is released", async () => {
  const clock = createVirtualClock();
  const control = createSimulatedControl("fra2-b07-12", clock, () => {});
  const workloads = await left(control);
  expect(workloads.length).toBeGreaterThan(0);
  expect(await left(createSimulatedControl("fra2-b07-12", clock, () => {}))).toEqual(workloads);
  const ask = { ...name, deadlineMs: unixMs(1), graceMs: 1, isHard: false, workloads };
  const asked = control.evacuate(ask, new AbortController().signal);
  expect(await left(control)).toEqual(workloads);
  await clock.advance(10_000);
  await asked;
  expect(await left(control)).toEqual([]);
  await control.release({ ...name, restart: workloads });
  expect(await left(control)).toEqual(workloads);
});

test("called off, what has not stopped runs on", async () => {
  const clock = createVirtualClock();
  const control = createSimulatedControl("fra2-b07-13", clock, () => {});
  const workloads = await left(control);
  const end = new AbortController();
  const ask = { ...name, deadlineMs: unixMs(1), graceMs: 1, isHard: false, workloads };
  const asked = control.evacuate(ask, end.signal);
  end.abort();
  await asked;
  await control.halt(name);
  expect((await control.look()).workloads.every(({ state }) => state === "running")).toBe(true);
});
