import type { CancelTimer } from "#proto/vocabulary/clock.ts";
import { type DeliveryId, newUuidV7 } from "#proto/vocabulary/ids.ts";
import { type UnixMs, unixMs } from "#proto/vocabulary/units.ts";
import { alertNumbers } from "./alert-numbers.ts";
import { mayBeLeftOut, nextBatch } from "./channel-queue.ts";
import type { Batch, Channel, DeliveryRecord, SendOutcome } from "./delivery.ts";
import type { OutboxEffects } from "./outbox-effects.ts";
import { createRateBound } from "./rate-bound.ts";
import { channelPauseEndMs, nextTryMs } from "./retry-pace.ts";

/** How a channel fares, as people see it. */
export interface ChannelView {
  readonly name: string;
  readonly kind: Channel["kind"];
  readonly target: string;
  readonly severity: Channel["severity"];
  readonly waiting: number;
  readonly lastSuccessMs: UnixMs | null;
  readonly lastFailureMs: UnixMs | null;
  readonly lastFailure: string | null;
  /** Nothing was taken since; null: the last try was. */
  readonly failingSinceMs: UnixMs | null;
  /** Since this manager began. */
  readonly sent: number;
  readonly failures: number;
  readonly givenUp: number;
  readonly leftOut: number;
}

export interface ChannelRun {
  begin(waiting: readonly DeliveryRecord[]): Promise<void>;
  add(delivery: DeliveryRecord): void;
  noteTest(outcome: SendOutcome): void;
  view(): ChannelView;
  stop(): Promise<void>;
}

/** The messages of one channel, one after the other. */
export function createChannelRun(channel: Channel, effects: OutboxEffects): ChannelRun {
  const { store, clock, random, log, term } = effects;
  const bound = createRateBound(channel.messagesPerHour);
  /** Unsettled, oldest first; left out and not yet counted in a message stand in `untold`. */
  let waiting: DeliveryRecord[] = [];
  let untold: DeliveryRecord[] = [];
  let pausedUntilMs = 0;
  /** Tries since the last that was taken. */
  let failedInRow = 0;
  /** The last one was tried before: now one that was not, where there is one. */
  let prefersNew = false;
  let cancelTimer: CancelTimer | null = null;
  let running: Promise<void> | null = null;
  let isStopped = false;
  /** Something came while a message was under way. */
  let hasNew = false;
  const counts = { sent: 0, failures: 0, givenUp: 0, leftOut: 0 };
  let lastSuccessMs: UnixMs | null = null;
  let lastFailure: { readonly atMs: UnixMs; readonly words: string } | null = null;
  let failingSinceMs: UnixMs | null = null;

  const wake = (delayMs: number): void => {
    if (isStopped) return;
    cancelTimer?.();
    cancelTimer = clock.after(Math.max(0, Math.min(delayMs, alertNumbers.retryAfterMsMax)), () => {
      cancelTimer = null;
      running ??= goOn().finally(() => {
        running = null;
        if (hasNew) wake(0);
        hasNew = false;
      });
    });
  };
  const goOn = async (): Promise<void> => {
    try {
      const untilMs = await step();
      if (untilMs !== null) wake(untilMs - clock.nowUnixMs());
    } catch (error) {
      log.error({ err: error, channel: channel.name }, "messages of alerts could not be kept");
      wake(alertNumbers.retryMsMax / 15);
    }
  };

  /** Sends at most one message; when to look again: null: nothing waits. */
  const step = async (): Promise<number | null> => {
    const nowMs = clock.nowUnixMs();
    if (isStopped || term() === 0 || waiting.length === 0) return null;
    const isPaused = pausedUntilMs > nowMs && pausedUntilMs - nowMs <= alertNumbers.retryAfterMsMax;
    if (isPaused) return pausedUntilMs;
    const next = nextBatch(waiting, channel, nowMs, prefersNew);
    if (next.kind === "wait") return next.untilMs;
    if (!bound.take(clock.nowMonotonicMs())) {
      const over = waiting.filter((one) => one.batchId === null && mayBeLeftOut(one));
      await leaveOut(over);
      return waiting.length === 0 ? null : nowMs + bound.waitMs(clock.nowMonotonicMs());
    }
    prefersNew = next.deliveries[0]?.batchId !== null;
    const batch = await intend(next.deliveries, nowMs);
    if (batch === null) return waiting.length === 0 ? null : nowMs;
    await settle(batch, await channel.send(batch));
    return waiting.length === 0 ? null : clock.nowUnixMs();
  };

  /** Writes down what is about to be sent; null: somebody else leads, or nothing of it is to be sent. */
  const intend = async (
    chosen: readonly DeliveryRecord[],
    nowMs: UnixMs,
  ): Promise<Batch | null> => {
    const { earlier, unheard } = await lookBack(chosen);
    if (unheard.length > 0) {
      await leaveOut(unheard);
      return null;
    }
    const id = batchIdOf(chosen, () => newUuidV7<DeliveryId>(nowMs, random));
    const isNew = chosen[0]?.batchId === null;
    const leftOut = isNew ? untold.length : (chosen[0]?.leftOut ?? 0);
    const deliveries = chosen.map(
      (one): DeliveryRecord => ({
        ...one,
        state: "sending",
        batchId: id,
        leftOut,
        attempts: one.attempts + 1,
      }),
    );
    const told = isNew ? untold.map((one) => ({ ...one, settledMs: nowMs })) : [];
    if (!(await write([...deliveries, ...told]))) return null;
    if (isNew) untold = [];
    replace(deliveries);
    return { id, deliveries, leftOut, earlier };
  };
  /** What was told before over this channel; of what nobody was told, its end is none to tell. */
  const lookBack = async (chosen: readonly DeliveryRecord[]) => {
    const earlier = new Set<DeliveryId>();
    const unheard: DeliveryRecord[] = [];
    for (const delivery of chosen) {
      if (delivery.transition === "opened" || delivery.transition === "test") continue;
      const before = (await store.listDeliveries(delivery.alertId)).filter(
        (one) => one.channel === channel.name && one.id < delivery.id && one.batchId !== null,
      );
      for (const { batchId } of before)
        if (batchId !== null && batchId !== delivery.batchId) earlier.add(batchId);
      const isTogether = chosen.some(
        (one) => one.alertId === delivery.alertId && one.id < delivery.id,
      );
      if (before.length === 0 && !isTogether) unheard.push(delivery);
    }
    return { earlier: [...earlier].toSorted(), unheard };
  };

  const settle = async (batch: Batch, outcome: SendOutcome): Promise<void> => {
    const nowMs = clock.nowUnixMs();
    note(outcome);
    const settled = batch.deliveries.map((one): DeliveryRecord => {
      const told = { ...one, outcome: outcome.words.slice(0, alertNumbers.wordsMax) };
      if (outcome.kind === "sent") return { ...told, state: "sent", settledMs: nowMs };
      const againMs = nextTryMs(one, outcome, nowMs, random);
      if (againMs === null) return { ...told, state: "given-up", settledMs: nowMs };
      return { ...told, state: "due", nextMs: unixMs(againMs) };
    });
    // Tried as one, tried again as one.
    const [first] = settled;
    const same = settled.map((one) =>
      one.state === "due" && first?.state === "due" ? { ...one, nextMs: first.nextMs } : one,
    );
    failedInRow = outcome.kind === "failed" ? failedInRow + 1 : 0;
    if (outcome.kind === "failed")
      pausedUntilMs = channelPauseEndMs(outcome, failedInRow, nowMs, random);
    const givenUp = same.filter(({ state }) => state === "given-up");
    counts.givenUp += givenUp.length;
    if (givenUp.length > 0)
      log.error(
        { channel: channel.name, messages: givenUp.length, why: outcome.words },
        "alerts could not be delivered; no more tries",
      );
    // Written or not, what was taken is not sent again by this process.
    replace(same);
    await write(same);
  };
  const leaveOut = async (over: readonly DeliveryRecord[]): Promise<void> => {
    if (over.length === 0) return;
    const left = over.map((one): DeliveryRecord => ({ ...one, state: "left-out" }));
    if (!(await write(left))) return;
    const ids = new Set(left.map(({ id }) => id));
    waiting = waiting.filter(({ id }) => !ids.has(id));
    untold.push(...left);
    counts.leftOut += left.length;
    log.warn({ channel: channel.name, messages: left.length }, "alerts left out: too many an hour");
  };
  const write = async (deliveries: readonly DeliveryRecord[]): Promise<boolean> =>
    (await store.commit({ term: term(), deliveries })) === "written";
  const replace = (changed: readonly DeliveryRecord[]): void => {
    const byId = new Map(changed.map((one) => [one.id, one]));
    waiting = waiting.flatMap((one) => {
      const now = byId.get(one.id) ?? one;
      return now.settledMs === null ? [now] : [];
    });
  };
  const note = (outcome: SendOutcome): void => {
    const nowMs = clock.nowUnixMs();
    if (outcome.kind === "sent") {
      counts.sent += 1;
      lastSuccessMs = nowMs;
      failingSinceMs = null;
      return;
    }
    counts.failures += 1;
    lastFailure = { atMs: nowMs, words: outcome.words };
    failingSinceMs ??= nowMs;
    log.warn({ channel: channel.name, why: outcome.words }, "an alert was not delivered");
  };

  return {
    async begin(kept) {
      await running;
      waiting = kept.filter(({ state }) => state !== "left-out");
      untold = kept.filter(({ state }) => state === "left-out");
      isStopped = false;
      const former = await store.readChannel(channel.name);
      lastSuccessMs ??= former.sentMs;
      lastFailure ??= former.givenUp;
      wake(0);
    },
    add(delivery) {
      const isFull = waiting.length >= alertNumbers.waitingMax && mayBeLeftOut(delivery);
      if (isFull) untold.push({ ...delivery, state: "left-out" });
      else waiting.push(delivery);
      if (running === null) wake(0);
      else hasNew = true;
    },
    noteTest: note,
    view: () => ({
      name: channel.name,
      kind: channel.kind,
      target: channel.target,
      severity: channel.severity,
      waiting: waiting.length,
      lastSuccessMs,
      lastFailureMs: lastFailure?.atMs ?? null,
      lastFailure: lastFailure?.words ?? null,
      failingSinceMs,
      ...counts,
    }),
    async stop() {
      isStopped = true;
      cancelTimer?.();
      cancelTimer = null;
      await running;
    },
  };
}

/** Of one delivery alone the message has its id; what was tried has one. */
function batchIdOf(deliveries: readonly DeliveryRecord[], newId: () => DeliveryId): DeliveryId {
  const [only, ...others] = deliveries;
  return only?.batchId ?? (only !== undefined && others.length === 0 ? only.id : newId());
}
