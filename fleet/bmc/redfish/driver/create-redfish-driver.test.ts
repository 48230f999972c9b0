import { describe, expect, test } from "vitest";
import { driverPowerOrders } from "#fleet/boot-loop/bmc-driver.ts";
import type { BootWay, BootWish } from "#fleet/boot-loop/boot-wish.ts";
import { createRedfishRig } from "#test/support/simulated-bmc/redfish-rig.ts";

const pxe: BootWish = {
  device: "network",
  mode: "uefi",
  isOnce: true,
  uefiTarget: null,
  httpUri: null,
};

test("a host is found by links alone, and says who it is", async () => {
  const { driver, signal, transport } = createRedfishRig({
    shape: { systemId: "System.Embedded.7", managerId: "BMC-3", maker: "Acme" },
  });
  expect(await driver.identify(signal)).toMatchObject({
    ok: true,
    value: {
      serial: expect.stringMatching(/^SN/),
      bmcMac: expect.stringMatching(/^52:54:00:(?:[0-9a-f]{2}:){2}00$/),
      hostMacs: [expect.stringMatching(/^52:54:00:/)],
      maker: "Acme",
      firmware: "2.61",
    },
  });
  expect(transport.atOnceMax).toBe(1);
});

describe("power", () => {
  test("off and on are done, with a task that ends, and both states are read", async () => {
    const { driver, signal, machine, clock } = createRedfishRig();
    const off = await driver.setPower("off", signal);
    expect(off).toMatchObject({
      ok: true,
      value: { taskUri: expect.stringMatching(/\/Tasks\/\d+$/) },
    });
    expect(await driver.power(signal)).toMatchObject({
      value: { state: "off", chassis: "off", said: "System Off, Chassis Off" },
    });
    const uri = off.ok ? (off.value.taskUri ?? "") : "";
    expect(await driver.tasks?.look(uri, signal)).toMatchObject({
      value: { state: "running", percent: 50 },
    });
    await clock.advance(2_000);
    expect(await driver.tasks?.look(uri, signal)).toMatchObject({
      value: { state: "done", percent: 100 },
    });
    expect(await driver.setPower("on", signal)).toMatchObject({ ok: true });
    expect(machine.orders).toEqual(["off", "on"]);
  });

  test.each(["inline", "action-info"] as const)("types listed %s are used", async (resetListed) => {
    const { driver, signal, machine } = createRedfishRig({ shape: { resetListed } });
    expect(await driver.setPower("soft-off", signal)).toMatchObject({ ok: true });
    expect(machine.orders).toEqual(["soft-off"]);
  });

  test.each(driverPowerOrders)("%s is not sent where no type is listed", async (order) => {
    const { driver, signal, machine } = createRedfishRig({ shape: { resetListed: "nowhere" } });
    expect(await driver.setPower(order, signal)).toMatchObject({
      problem: { kind: "unsupported" },
    });
    expect(machine.orders).toEqual([]);
  });

  test("a type that is listed and yet refused is followed by the next one, never a forced one", async () => {
    const refuse = new Set(["On", "GracefulShutdown"]);
    const rig = createRedfishRig({
      isOn: false,
      shape: { resetTypes: ["On", "ForceOn", "ForceOff", "GracefulShutdown"] },
      around: (next) => async (request) => {
        const type = /"ResetType":"(\w+)"/.exec(request.body ?? "")?.[1] ?? "";
        if (!refuse.has(type)) return next(request);
        return next({ ...request, body: '{"ResetType":"Nonsense"}' });
      },
    });
    expect(await rig.driver.setPower("on", rig.signal)).toMatchObject({
      ok: true,
      value: { sent: expect.stringMatching(/ForceOn$/) },
    });
    expect(await rig.driver.setPower("soft-off", rig.signal)).toMatchObject({
      problem: { kind: "unsupported", code: 400 },
    });
    expect(rig.machine.orders).toEqual(["on"]);
  });

  test("a button is pressed for a soft off only while the host is on", async () => {
    const shape = { resetTypes: ["On", "ForceOff", "PushPowerButton"] };
    const on = createRedfishRig({ shape });
    expect(await on.driver.setPower("soft-off", on.signal)).toMatchObject({ ok: true });
    const off = createRedfishRig({ shape, isOn: false });
    expect(await off.driver.setPower("soft-off", off.signal)).toMatchObject({
      problem: { kind: "unsupported" },
    });
    expect(off.machine.orders).toEqual([]);
  });

  test("an AC cycle goes by the chassis where the system has none", async () => {
    const { driver, signal, machine } = createRedfishRig({
      shape: { chassisResetTypes: ["FullPowerCycle"] },
    });
    expect(await driver.setPower("ac-cycle", signal)).toMatchObject({
      value: { sent: expect.stringContaining("Chassis.Reset FullPowerCycle") },
    });
    expect(machine.orders).toEqual(["ac-cycle"]);
  });

  test.each(["power", "environment", "subsystem"] as const)(
    "watts are read from %s",
    async (powerSchema) => {
      const { driver, signal } = createRedfishRig({ shape: { powerSchema } });
      expect(await driver.watts(signal)).toMatchObject({ value: { milliwatts: 248_000 } });
    },
  );
});

describe("boot", () => {
  test.each<[BootWay, string]>([
    ["system-full", "Pxe UEFI"],
    ["system-without-mode", "Pxe UEFI"],
    ["boot-next", "Boot0003"],
    ["uefi-target", "UefiTarget UEFI"],
  ])("%s starts the host once from its network", async (way, start) => {
    const { driver, signal, machine } = createRedfishRig();
    expect(await driver.setBoot(pxe, way, signal)).toMatchObject({ ok: true });
    if (way !== "boot-next")
      expect(await driver.boot(signal)).toMatchObject({
        value: { device: "network", enabled: "once" },
      });
    await driver.setPower("restart", signal);
    await driver.setPower("restart", signal);
    expect(machine.starts).toEqual([start, "Boot0001"]);
  });

  test("the target alone leaves what else is set", async () => {
    const { driver, signal, machine } = createRedfishRig();
    machine.setBoot({ enabled: "Continuous" });
    await driver.setBoot(pxe, "system-target-only", signal);
    expect(machine.boot()).toMatchObject({ target: "Pxe", enabled: "Continuous" });
  });

  test("the order gets the network's entries first, all others as they were", async () => {
    const { driver, signal } = createRedfishRig();
    expect(await driver.setBoot({ ...pxe, isOnce: false }, "boot-order", signal)).toMatchObject({
      ok: true,
    });
    expect(await driver.boot(signal)).toMatchObject({
      value: { order: ["Boot0003", "Boot0001", "Boot0004"] },
    });
  });

  test("where only the settings object takes it, the system refuses and the settings do it", async () => {
    const { driver, signal, machine } = createRedfishRig({ shape: { settings: "only" } });
    expect(await driver.setBoot(pxe, "system-full", signal)).toMatchObject({
      problem: {
        kind: "unsupported",
        messageIds: ["Base.1.13.OperationSupportedInFutureStateURI"],
      },
    });
    expect(await driver.setBoot(pxe, "settings-full", signal)).toMatchObject({ ok: true });
    expect(machine.boot()).toMatchObject({ target: "Pxe", enabled: "Once", mode: "UEFI" });
  });

  test("the mode is sent only where the reading shows it", async () => {
    const { driver, signal, transport } = createRedfishRig({ shape: { showsMode: false } });
    expect(await driver.setBoot(pxe, "system-full", signal)).toMatchObject({ ok: true });
    expect(transport.requests.at(-1)?.body).not.toContain("Mode");
  });

  test.each<BootWay>(["system-full", "system-without-mode"])("%s clears a wish", async (way) => {
    const { driver, signal, machine } = createRedfishRig();
    machine.setBoot({ target: "Pxe", enabled: "Continuous" });
    expect(await driver.setBoot({ ...pxe, device: "none" }, way, signal)).toMatchObject({
      ok: true,
    });
    expect(await driver.boot(signal)).toMatchObject({ value: { enabled: "disabled" } });
  });

  test("an optical drive is called as this service calls it; what it has not is not sent", async () => {
    const { driver, signal, machine, transport } = createRedfishRig({
      shape: { bootTargets: ["None", "Pxe", "UsbCd"] },
    });
    await driver.setBoot({ ...pxe, device: "media" }, "system-full", signal);
    expect(machine.boot().target).toBe("UsbCd");
    expect(await driver.setBoot({ ...pxe, device: "http" }, "system-full", signal)).toMatchObject({
      problem: { kind: "unsupported" },
    });
    expect(transport.sent.filter((one) => one.startsWith("PATCH"))).toHaveLength(1);
  });

  test("empty texts and wrong types are unknown, and do not break the reading", async () => {
    const { driver, signal } = createRedfishRig({
      around: (next) => async (request) => {
        const honest = await next(request);
        const text = honest.text.replace(
          /"BootSourceOverrideEnabled":"\w+","BootSourceOverrideTarget":"\w+","BootSourceOverrideMode":"\w+"/,
          '"BootSourceOverrideEnabled":"","BootSourceOverrideTarget":[],"BootSourceOverrideMode":7',
        );
        return { ...honest, text };
      },
    });
    expect(await driver.boot(signal)).toMatchObject({
      value: { device: "unknown", enabled: "unknown", mode: "unknown" },
    });
  });

  test("a waiting job is in the way, is named, and is cleared", async () => {
    const { driver, signal } = createRedfishRig({ shape: { jobs: ["JID_1"], maker: "Dell Inc." } });
    expect(await driver.setBoot(pxe, "system-full", signal)).toMatchObject({
      problem: { kind: "busy", messageIds: ["IDRAC.2.8.RAC0679"] },
    });
    expect(await driver.tasks?.pending(signal)).toMatchObject({
      value: [expect.stringMatching(/\/Jobs\/JID_1$/)],
    });
    expect(await driver.tasks?.clear(true, signal)).toMatchObject({ ok: true });
    expect(await driver.setBoot(pxe, "system-full", signal)).toMatchObject({ ok: true });
  });
});
