import { expect, test } from "vitest";
import { createPretendHost } from "#test/support/boot-loop/pretend-host.ts";
import {
  imagingGoal,
  installedGoal,
  offGoal,
  runPretend,
} from "#test/support/boot-loop/run-pretend.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";

test("a host is started from the network once, and its call ends the loop", async () => {
  const clock = createVirtualClock();
  const host = createPretendHost(clock);
  const { state, entries } = await runPretend(clock, host, imagingGoal);
  expect(state.end).toMatchObject({ kind: "reached", call: { system: "imaging" } });
  expect(host.override).toBeNull();
  expect(entries.at(-1)?.action.kind).toBe("end");
});

test("before each change it was asked who answers", async () => {
  const clock = createVirtualClock();
  const host = createPretendHost(clock);
  await runPretend(clock, host, imagingGoal);
  const words = host.sent.map((sent) => sent.words);
  const changes = words.flatMap((word, at) => (word.endsWith("identify") ? [] : [at]));
  expect(changes.length).toBeGreaterThan(1);
  expect(changes.filter((at) => !words[at - 1]?.endsWith("identify"))).toEqual([]);
});

test("nothing is changed where another machine answers", async () => {
  const clock = createVirtualClock();
  const host = createPretendHost(clock);
  const other = {
    serial: "SN-1",
    boardSerial: "BRD-1",
    uuid: "00000001-0000-4000-8000-000000000001",
    bmcMac: "02:00:00:00:00:01",
    hostMacs: [],
    maker: "Pretend",
    model: "P1",
    firmware: "1.0",
  };
  host.lies = { identity: () => other };
  const { state } = await runPretend(clock, host, imagingGoal);
  expect(state.end).toMatchObject({ kind: "quarantine" });
  expect(host.sent.filter(({ words }) => !words.endsWith("identify"))).toEqual([]);
});

test("off is proven by the BMC and by the silence of the host", async () => {
  const clock = createVirtualClock();
  const host = createPretendHost(clock);
  const { state } = await runPretend(clock, host, offGoal);
  expect(state.end).toMatchObject({ kind: "reached" });
  expect(host.isOn).toBe(false);
});

test("a BMC that takes the order to switch off and does nothing proves no fence", async () => {
  const clock = createVirtualClock();
  const host = createPretendHost(clock);
  const taken = { ok: true as const, value: { taskUri: null, sent: "off" } };
  host.lies = { setPower: () => taken, toldPower: () => "off" };
  const { state } = await runPretend(clock, host, offGoal);
  expect(host.isOn).toBe(true);
  expect(state.end).toMatchObject({ kind: "quarantine" });
});

test("the installed system is started from its own disk, by the digest that was written", async () => {
  const clock = createVirtualClock();
  const host = createPretendHost(clock, { isOn: false });
  host.installedDigest = installedGoal.kind === "installed" ? installedGoal.imageDigest : null;
  const { state } = await runPretend(clock, host, installedGoal);
  expect(state.end).toMatchObject({ kind: "reached", call: { system: "installed" } });
});

test("every state that was kept is plain data that reads back as it was", async () => {
  const clock = createVirtualClock();
  const { state, kept } = await runPretend(clock, createPretendHost(clock), imagingGoal);
  expect(kept.length).toBeGreaterThan(3);
  expect(JSON.parse(kept.at(-1) ?? "")).toEqual(JSON.parse(JSON.stringify(state)));
});
