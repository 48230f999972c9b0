import { lifecycleNumbers } from "#fleet/lifecycle/numbers.ts";
import type { PowerOrder, PowerReading } from "#fleet/lifecycle/power.ts";
import { type Clock, sleep } from "#proto/vocabulary/clock.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { fail, type Result } from "#proto/vocabulary/result.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import type { BmcPort, BmcProblem } from "./bmc-port.ts";

/** BMCs asked as they can bear it: one call at a time, a pause between two, silent ones left alone. */
export interface BmcDesk {
  power(hostId: HostId): Promise<Result<PowerReading, BmcProblem>>;
  /** `mayStill` is asked when its turn has come, right before the order is given. */
  setPower(
    hostId: HostId,
    order: PowerOrder,
    mayStill: () => Promise<boolean>,
  ): Promise<Result<void, BmcProblem>>;
  light(hostId: HostId): Promise<Result<boolean | null, BmcProblem>>;
  setLight(
    hostId: HostId,
    forMs: number,
    mayStill: () => Promise<boolean>,
  ): Promise<Result<void, BmcProblem>>;
}

interface Line {
  /** The call that was asked for last. */
  last: Promise<unknown>;
  /** By our monotonic clock. */
  freeAt: number;
  /** Calls in a row that were not answered. */
  silent: number;
  restsUntil: number;
}

const { bmcPacingMs } = lifecycleNumbers;
const { answerMs, silentMax, restMs } = lifecycleNumbers.bmc;
const always = async (): Promise<boolean> => true;

export function createBmcDesk(port: BmcPort, clock: Clock): BmcDesk {
  const lines = new Map<HostId, Line>();

  const lineOf = (hostId: HostId): Line => {
    const known = lines.get(hostId);
    if (known !== undefined) return known;
    const fresh: Line = {
      last: Promise.resolve(),
      freeAt: clock.nowMonotonicMs(),
      silent: 0,
      restsUntil: Number.NEGATIVE_INFINITY,
    };
    lines.set(hostId, fresh);
    return fresh;
  };

  const inLine = <Value>(
    hostId: HostId,
    mayStill: () => Promise<boolean>,
    run: (signal: AbortSignal) => Promise<Result<Value, BmcProblem>>,
  ): Promise<Result<Value, BmcProblem>> => {
    const line = lineOf(hostId);
    const mine = line.last.then(async (): Promise<Result<Value, BmcProblem>> => {
      const now = clock.nowMonotonicMs();
      if (now < line.restsUntil) return fail(resting(line, clock));
      if (now < line.freeAt) await sleep(clock, line.freeAt - now);
      if (!(await mayStill()))
        return fail({ kind: "withdrawn", detail: "it is not wanted any more" });
      const answered = await inTime(clock, run);
      line.freeAt = clock.nowMonotonicMs() + bmcPacingMs;
      const isSilent = !answered.ok && answered.problem.kind === "unanswered";
      line.silent = isSilent ? line.silent + 1 : 0;
      if (line.silent >= silentMax) {
        // After its rest it is tried once; one more silence and it rests again.
        line.restsUntil = clock.nowMonotonicMs() + restMs;
        line.silent = silentMax - 1;
      }
      return answered;
    });
    const settled = mine.then(
      () => {},
      () => {},
    );
    line.last = settled;
    return mine;
  };

  return {
    power: (hostId) => inLine(hostId, always, (signal) => port.power(hostId, signal)),
    setPower: (hostId, order, mayStill) =>
      inLine(hostId, mayStill, (signal) => port.setPower(hostId, order, signal)),
    light: (hostId) => inLine(hostId, always, (signal) => port.light(hostId, signal)),
    setLight: (hostId, forMs, mayStill) =>
      inLine(hostId, mayStill, (signal) => port.setLight(hostId, forMs, signal)),
  };
}

function resting(line: Line, clock: Clock): BmcProblem {
  const leftMs = line.restsUntil - clock.nowMonotonicMs();
  return {
    kind: "resting",
    detail: `it has not answered ${silentMax} times in a row and is left alone for a while`,
    untilMs: unixMs(clock.nowUnixMs() + leftMs),
  };
}

async function inTime<Value>(
  clock: Clock,
  run: (signal: AbortSignal) => Promise<Result<Value, BmcProblem>>,
): Promise<Result<Value, BmcProblem>> {
  const controller = new AbortController();
  let cancel = (): void => {};
  const late = new Promise<Result<Value, BmcProblem>>((resolve) => {
    cancel = clock.after(answerMs, () => {
      controller.abort();
      resolve(fail({ kind: "unanswered", detail: `no answer within ${answerMs / 1_000} s` }));
    });
  });
  try {
    return await Promise.race([run(controller.signal), late]);
  } catch (error) {
    const detail = error instanceof Error ? error.message : "it failed on our side";
    return fail({ kind: "unanswered", detail });
  } finally {
    cancel();
  }
}
