import { type ImagingAnswer, imagingLimits } from "#proto/messages/imaging.ts";
import type { ReimageToken } from "#proto/messages/reimage-token.ts";
import { sleep } from "#proto/vocabulary/clock.ts";
import type { Result } from "#proto/vocabulary/result.ts";
import { fail } from "#proto/vocabulary/result.ts";
import type { ImagingParts, WorkEnd } from "./imaging-ports.ts";
import { type ImagingState, stateTexts } from "./imaging-view.ts";

/** Seconds for whoever stands in front of the machine. */
export const countdownSeconds = 10;

type Order = Extract<ImagingAnswer, { kind: "order" }>;

/**
 * The life of the imaging OS: asks for an order and shows what goes on. Without an order that holds
 * against this very machine it is idle, for ever, and touches nothing. An order is taken once; how it
 * ended stays on the screen, and the machine stays on: its manager restarts it through the BMC. Ends
 * only with `signal`.
 */
export async function runImaging(parts: ImagingParts): Promise<void> {
  const { clock, door, signal, words } = parts;
  let operationId = words.operationId;
  let kept = plainState("starting");
  const show = (state: ImagingState): void => {
    kept = state;
    parts.screen.show({
      release: parts.release,
      hostName: words.hostName,
      hostId: words.hostId,
      operationId,
      machine: parts.readMachine(),
      addresses: parts.readAddresses(),
      manager: words.url,
      state,
    });
  };
  show(kept);
  let failures = 0;
  let isTaken = false;
  while (!signal.aborted) {
    const asked = await askForOrder(parts, kept);
    if (signal.aborted) break;
    failures = asked.ok ? 0 : failures + 1;
    const order = asked.ok && asked.value.kind === "order" ? asked.value : null;
    if (isTaken) show(kept);
    else if (!asked.ok) show({ ...plainState("unreachable"), text: asked.problem });
    else if (order === null) show(plainState("idle"));
    else {
      const checked = await checkOrder(parts, order);
      if (!checked.ok) show({ ...plainState("refused"), text: checked.problem });
      else {
        isTaken = true;
        operationId = checked.value.operationId;
        show(await carryOut(parts, checked.value, show));
        await tellAll(parts, checked.value, kept);
      }
    }
    const everyMs = door === null ? imagingLimits.helloEveryMsMax : imagingLimits.helloEveryMs;
    const waitMs = Math.min(imagingLimits.helloEveryMsMax, everyMs * 2 ** Math.min(failures, 6));
    // Neighbours that were started together do not ask together.
    await sleep(clock, waitMs * (0.8 + 0.4 * parts.random.next()), signal).catch(() => {});
  }
}

function plainState(kind: ImagingState["kind"]): ImagingState {
  return { kind, step: null, done: null, secondsLeft: null, text: stateTexts[kind].meaning };
}

async function askForOrder(
  parts: ImagingParts,
  state: ImagingState,
): Promise<Result<ImagingAnswer, string>> {
  const { door, words, release, bootId, signal } = parts;
  if (door === null) return fail("the kernel's command line names no wws.url to ask");
  const { hostId, operationId } = words;
  const machine = parts.readMachine();
  return door.ask({ release, bootId, hostId, operationId, machine, state: state.kind }, signal);
}

function checkOrder(parts: ImagingParts, order: Order): Promise<Result<ReimageToken, string>> {
  return parts.check(
    {
      bytes: Buffer.from(order.token, "base64"),
      signature: Buffer.from(order.signature, "base64"),
      keyId: order.keyId,
    },
    parts.readMachine(),
  );
}

async function carryOut(
  parts: ImagingParts,
  token: ReimageToken,
  show: (state: ImagingState) => void,
): Promise<ImagingState> {
  if (await isStoppedByHand(parts, token, show)) return plainState("stopped-by-hand");
  const telling = startTelling(parts, token);
  const working = (step: string, done: number | null, text: string): void => {
    const state: ImagingState = { kind: "working", step, done, secondsLeft: null, text };
    show(state);
    telling.latest(state);
  };
  let end: WorkEnd;
  let lastStep = "begin";
  try {
    end = await parts.work.run(token, ({ step, done, text }) => {
      lastStep = step;
      working(step, done, text);
    });
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    end = { kind: "failed", step: lastStep, text };
  }
  await telling.stop();
  const step = end.kind === "failed" ? end.step : null;
  return { ...plainState(end.kind), step, text: end.text };
}

/** Counts down where everybody can see it. Nothing was done when it answers true. */
async function isStoppedByHand(
  parts: ImagingParts,
  token: ReimageToken,
  show: (state: ImagingState) => void,
): Promise<boolean> {
  let isStopped = false;
  parts.onStopByHand(() => {
    isStopped = true;
  });
  const kinds = token.disks.filter(({ fate }) => fate.kind === "erase");
  const text = `${kinds.length} disks will be erased, then ${token.image.name} is written`;
  for (let left = countdownSeconds; left > 0 && !isStopped; left -= 1) {
    show({ kind: "counting-down", step: null, done: null, secondsLeft: left, text });
    await sleep(parts.clock, 1_000, parts.signal).catch(() => {
      isStopped = true;
    });
  }
  return isStopped;
}

interface Telling {
  latest(state: ImagingState): void;
  stop(): Promise<void>;
}

/** Tells the manager the newest of what is going on, one call at a time, however long one takes. */
function startTelling(parts: ImagingParts, token: ReimageToken): Telling {
  let newest: ImagingState | null = null;
  let underWay: Promise<void> | null = null;
  const send = async (): Promise<void> => {
    while (newest !== null) {
      const state = newest;
      newest = null;
      await tellOnce(parts, token, state);
    }
    underWay = null;
  };
  return {
    latest(state) {
      newest = state;
      underWay ??= send();
    },
    stop: async () => {
      await underWay;
    },
  };
}

/** How it ended is told until somebody has taken it. */
async function tellAll(
  parts: ImagingParts,
  token: ReimageToken,
  state: ImagingState,
): Promise<void> {
  while (!parts.signal.aborted) {
    if (await tellOnce(parts, token, state)) return;
    await sleep(parts.clock, imagingLimits.helloEveryMs, parts.signal).catch(() => {});
  }
}

async function tellOnce(
  parts: ImagingParts,
  token: ReimageToken,
  state: ImagingState,
): Promise<boolean> {
  const { operationId, epoch } = token;
  const { kind, step, done, text } = state;
  const told = await parts.door?.tell(
    {
      bootId: parts.bootId,
      operationId,
      epoch,
      state: kind,
      step: step ?? kind,
      done,
      text: text.slice(0, imagingLimits.textCharactersMax),
    },
    parts.signal,
  );
  return told?.ok ?? true;
}
