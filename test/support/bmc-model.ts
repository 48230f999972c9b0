import type { BmcPort, BmcProblem } from "#fleet/executor/bmc-port.ts";
import type { PowerOrder } from "#fleet/lifecycle/power.ts";
import { type Clock, sleep } from "#proto/vocabulary/clock.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";

/** What a controller gets wrong; all off: nothing. */
export interface BmcLies {
  /** It says *ok* to so many orders and does nothing. */
  ignoredOrders: number;
  /** What it says of its power is so old, ms. */
  staleMs: number;
  /** It takes so long to answer, ms; Infinity: it never does. */
  answerMs: number;
  /** Every slot of its session table is taken: it refuses. */
  isFull: boolean;
  /** It does not say whether its light blinks. */
  isLightMute: boolean;
}

/** One server and its controller: what is really so, and what the controller says. */
export interface SimulatedBmc {
  readonly lies: BmcLies;
  readonly isOn: boolean;
  readonly isLit: boolean;
  /** Orders that it took, in order: `off`, `light 240000`. */
  readonly taken: readonly string[];
  /** When each call began, ms of the virtual clock; calls under way at once at most. */
  readonly callsMs: readonly number[];
  readonly atOnceMax: number;
  /** The server's power has changed; with a cycle twice. */
  onPower: (state: "on" | "off") => void;
  /** Somebody else switches it. */
  switchTo(state: "on" | "off"): void;
  /** How long a system takes to stop when its button is pressed; Infinity: it does not listen. */
  softMs: number;
}

interface Inside extends SimulatedBmc {
  ask<Value>(run: () => Result<Value, BmcProblem>): Promise<Result<Value, BmcProblem>>;
  order(order: PowerOrder): void;
  toldState(): "on" | "off";
  light(forMs: number): void;
}

const offMs = 5_000;

export function createSimulatedBmc(clock: Clock): SimulatedBmc {
  const changes: { readonly atMs: number; readonly isOn: boolean }[] = [{ atMs: 0, isOn: true }];
  const taken: string[] = [];
  const callsMs: number[] = [];
  let underWay = 0;
  let atOnceMax = 0;
  let cancelLight = (): void => {};
  let isLit = false;
  const isOn = (): boolean => changes.at(-1)?.isOn ?? true;
  const become = (on: boolean): void => {
    if (on === isOn()) return;
    changes.push({ atMs: clock.nowMonotonicMs(), isOn: on });
    bmc.onPower(on ? "on" : "off");
  };

  const bmc: Inside = {
    lies: { ignoredOrders: 0, staleMs: 0, answerMs: 50, isFull: false, isLightMute: false },
    get isOn() {
      return isOn();
    },
    get isLit() {
      return isLit;
    },
    taken,
    callsMs,
    get atOnceMax() {
      return atOnceMax;
    },
    onPower: () => {},
    switchTo: (state) => become(state === "on"),
    softMs: 20_000,
    async ask(run) {
      callsMs.push(clock.nowMonotonicMs());
      underWay += 1;
      atOnceMax = Math.max(atOnceMax, underWay);
      try {
        if (bmc.lies.answerMs === Infinity) return await new Promise(() => {});
        if (bmc.lies.answerMs > 0) await sleep(clock, bmc.lies.answerMs);
        if (bmc.lies.isFull) return fail({ kind: "refused", detail: "its session table is full" });
        return run();
      } finally {
        underWay -= 1;
      }
    },
    order(order) {
      taken.push(order);
      if (bmc.lies.ignoredOrders > 0) {
        bmc.lies.ignoredOrders -= 1;
        return;
      }
      if (order === "on") become(true);
      else if (order === "off") become(false);
      else if (order === "soft") {
        if (Number.isFinite(bmc.softMs)) clock.after(bmc.softMs, () => become(false));
      } else if (isOn()) {
        become(false);
        clock.after(offMs, () => become(true));
      }
    },
    toldState() {
      const seenMs = clock.nowMonotonicMs() - bmc.lies.staleMs;
      const known = changes.findLast(({ atMs }) => atMs <= seenMs) ?? changes[0];
      return known?.isOn === false ? "off" : "on";
    },
    light(forMs) {
      taken.push(`light ${forMs}`);
      cancelLight();
      isLit = forMs > 0;
      if (isLit) cancelLight = clock.after(forMs, () => (isLit = false));
    },
  };
  insides.set(bmc, { bmc, clock });
  return bmc;
}

/** What stands behind each model; the models themselves show only what a test may see. */
const insides = new WeakMap<SimulatedBmc, { readonly bmc: Inside; readonly clock: Clock }>();

export function createSimulatedBmcPort(bmcs: ReadonlyMap<HostId, SimulatedBmc>): BmcPort {
  const ask = async <Value>(
    hostId: HostId,
    run: (bmc: Inside, clock: Clock) => Value,
  ): Promise<Result<Value, BmcProblem>> => {
    const model = bmcs.get(hostId);
    const inside = model && insides.get(model);
    if (inside === undefined)
      return fail({ kind: "not-configured", detail: "it has no BMC that is known" });
    return inside.bmc.ask(() => ok(run(inside.bmc, inside.clock)));
  };
  return {
    isConfigured: ({ id }) => bmcs.has(id),
    power: (hostId) =>
      ask(hostId, (bmc, clock) => ({ state: bmc.toldState(), observedMs: clock.nowUnixMs() })),
    setPower: (hostId, order) => ask(hostId, (bmc) => bmc.order(order)),
    light: (hostId) => ask(hostId, (bmc) => (bmc.lies.isLightMute ? null : bmc.isLit)),
    setLight: (hostId, forMs) => ask(hostId, (bmc) => bmc.light(forMs)),
  };
}
