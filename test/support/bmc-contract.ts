import { expect, test } from "vitest";
import type { BmcPort } from "#fleet/executor/bmc-port.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";

/** A port over one server that is on, and how its time goes on. */
export interface BmcUnderTest {
  readonly port: BmcPort;
  readonly hostId: HostId;
  /** Gives the server time: what was ordered is done after it. */
  readonly settle: () => Promise<void>;
  /** Runs a call while time goes on; a real controller needs none of that. */
  readonly during: <Value>(call: Promise<Value>) => Promise<Value>;
  readonly close: () => Promise<void>;
}

/** What every driver of a BMC owes the executor. */
export function describeBmcPort(name: string, open: () => Promise<BmcUnderTest>): void {
  const { signal } = new AbortController();
  const on = async (run: (bmc: BmcUnderTest) => Promise<void>): Promise<void> => {
    const bmc = await open();
    try {
      await run(bmc);
    } finally {
      await bmc.close();
    }
  };

  test(`${name}: a server is switched off and on, and its state is read back`, () =>
    on(async ({ port, hostId, settle, during }) => {
      const state = async () => {
        const read = await during(port.power(hostId, signal));
        return read.ok ? read.value.state : read.problem;
      };
      expect(await state()).toBe("on");
      expect(await during(port.setPower(hostId, "off", signal))).toMatchObject({ ok: true });
      await settle();
      expect(await state()).toBe("off");
      expect(await during(port.setPower(hostId, "on", signal))).toMatchObject({ ok: true });
      await settle();
      expect(await state()).toBe("on");
    }));

  test(`${name}: a cycle of a server that is on leaves it on`, () =>
    on(async ({ port, hostId, settle, during }) => {
      expect(await during(port.setPower(hostId, "cycle", signal))).toMatchObject({ ok: true });
      await settle();
      expect(await during(port.power(hostId, signal))).toMatchObject({ value: { state: "on" } });
    }));

  test(`${name}: its light blinks and goes out, or it does not say`, () =>
    on(async ({ port, hostId, during }) => {
      for (const [forMs, isLit] of [
        [240_000, true],
        [0, false],
      ] as const) {
        expect(await during(port.setLight(hostId, forMs, signal))).toMatchObject({ ok: true });
        const read = await during(port.light(hostId, signal));
        expect(read.ok && [isLit, null].includes(read.value)).toBe(true);
      }
    }));
}
