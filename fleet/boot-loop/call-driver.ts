import type { Clock } from "#proto/vocabulary/clock.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import type { BmcDriver, DriverProblem, DriverProblemKind } from "./bmc-driver.ts";
import { actionWords, type BootChange, type BootLook } from "./boot-action.ts";
import type { AnswerValue, BootAnswer } from "./note-answer.ts";

/**
 * One call, bounded in time also where the driver does not keep to its signal: then nobody knows whether
 * it was done. Never rejects.
 */
export async function callDriver(
  driver: BmcDriver,
  action: BootLook | BootChange,
  clock: Clock,
  limitMs: number,
  signal: AbortSignal,
): Promise<BootAnswer> {
  const calls = new AbortController();
  const stop = (): void => calls.abort(signal.reason);
  if (signal.aborted) return problem("withdrawn", "the loop stops");
  signal.addEventListener("abort", stop, { once: true });
  const cancels: (() => void)[] = [];
  const late = new Promise<BootAnswer>((resolve) => {
    cancels.push(
      clock.after(limitMs, () => calls.abort(new Error(`no answer within ${limitMs} ms`))),
    );
    // Neither a timeout nor whoever stops the loop waits for a driver that does not stop.
    const give = (): void => {
      const words = calls.signal.reason instanceof Error ? calls.signal.reason.message : "stopped";
      cancels.push(
        clock.after(graceMs, () =>
          resolve(problem("unanswered", `${actionWords(action)}: ${words}`)),
        ),
      );
    };
    calls.signal.addEventListener("abort", give, { once: true });
  });
  try {
    return await Promise.race([ask(driver, action, calls.signal), late]);
  } catch (error) {
    const words = error instanceof Error ? error.message : "it threw what is no error";
    return problem("unanswered", `${actionWords(action)}: ${words.slice(0, wordsMax)}`);
  } finally {
    signal.removeEventListener("abort", stop);
    for (const cancel of cancels) cancel();
  }
}

const graceMs = 2_000;
const wordsMax = 256;

async function ask(
  driver: BmcDriver,
  action: BootLook | BootChange,
  signal: AbortSignal,
): Promise<BootAnswer> {
  const { media, tasks } = driver;
  switch (action.kind) {
    case "identify":
      return map(await driver.identify(signal), (identity) => ({ kind: "identity", identity }));
    case "read-power":
      return map(await driver.power(signal), (power) => ({ kind: "power", power }));
    case "read-boot":
      return map(await driver.boot(signal), (boot) => ({ kind: "boot", boot }));
    case "read-watts":
      return map(await driver.watts(signal), (draw) => ({ kind: "watts", draw }));
    case "read-progress":
      return map(await driver.progress(signal), (words) => ({ kind: "progress", words }));
    case "read-slots":
      if (media === null) return problem("unsupported", "no virtual media");
      return map(await media.slots(signal), (slots) => ({ kind: "slots", slots }));
    case "list-jobs":
      if (tasks === null) return problem("unsupported", "no jobs");
      return map(await tasks.pending(signal), ({ length }) => ({ kind: "jobs", count: length }));
    case "set-power":
      return taken(await driver.setPower(action.order, signal));
    case "set-boot":
      return taken(await driver.setBoot(action.wish, action.way, signal));
    case "reset-bmc":
      return taken(await driver.reset(signal));
    case "insert":
      if (media === null) return problem("unsupported", "no virtual media");
      return taken(await media.insert(action, signal));
    case "eject":
      if (media === null) return problem("unsupported", "no virtual media");
      return taken(await media.eject(action, signal));
    case "clear-jobs":
      if (tasks === null) return problem("unsupported", "no jobs");
      return taken(await tasks.clear(action.isForced, signal));
  }
}

function map<Value>(
  answer: Result<Value, DriverProblem>,
  turn: (value: Value) => AnswerValue,
): BootAnswer {
  return answer.ok ? ok(turn(answer.value)) : answer;
}

function taken(answer: Result<unknown, DriverProblem>): BootAnswer {
  return answer.ok ? ok({ kind: "taken" }) : answer;
}

function problem(kind: DriverProblemKind, detail: string): BootAnswer {
  return fail({ kind, detail, code: null, messageIds: [], retryAfterMs: null });
}
