import {
  type EvacuationFacts,
  newOrderFacts,
  type OrderEntry,
  type OrderFacts,
} from "#agent/journal/order-journal.ts";
import type { Command, CommandOutcome } from "#proto/messages/frames.ts";
import type { HostOrder, OrderProgress } from "#proto/messages/orders.ts";
import { sleep } from "#proto/vocabulary/clock.ts";
import { wireLimits } from "#proto/vocabulary/wire-limits.ts";
import { evacuateHost, withStuck } from "./evacuation.ts";
import { evidenceOf, fitWorkloads } from "./fit-evidence.ts";
import { isThere } from "./host-control.ts";
import { judgeOrder, orderKey } from "./judge-order.ts";
import type { OrderDeskEffects } from "./order-effects.ts";
import type { OrderDesk } from "./orders.ts";
import { answerOf, settleReboots, withoutOldEvacuation, withOrder } from "./order-memory.ts";

type Answer = Omit<CommandOutcome, "commandId">;

/** How long the host's own serial is waited for after a start. */
const serialWaitMs = 30_000;
const serialPollMs = 250;

export function createOrderDesk(effects: OrderDeskEffects): OrderDesk {
  const { clock, control, log, journal, failPoint } = effects;
  const inHand = new Map<string, Promise<CommandOutcome>>();
  const over = new AbortController();
  let turn: Promise<unknown> = Promise.resolve();
  let facts: OrderFacts | null = null;
  let damage: string | null = null;
  let evacuating: { readonly end: AbortController; readonly done: Promise<void> } | null = null;
  let progress: OrderProgress | null = null;
  let isTold = true;
  let leftover: OrderFacts | null = null;

  const write = (changed: OrderFacts): void => {
    journal.write(changed);
    facts = changed;
  };

  const open = (): void => {
    try {
      const read = journal.read();
      const { hostId, generation } = effects;
      const isOurs = read?.hostId === hostId && read.generation === generation;
      if (read !== null && !isOurs) leftover = read;
      facts = isOurs ? read : newOrderFacts(hostId, generation);
    } catch (error) {
      damage = error instanceof Error ? error.message : String(error);
      log.error(
        { err: error },
        "no order is taken: what this host was ordered before is not known",
      );
    }
  };
  open();

  /** The host's serial, once it was looked for; what is not known by then is unknown. */
  const serial = async (): Promise<string | null> => {
    const untilMs = clock.nowMonotonicMs() + serialWaitMs;
    for (;;) {
      const known = effects.serial();
      if (known !== undefined) return known;
      if (clock.nowMonotonicMs() >= untilMs || over.signal.aborted) return null;
      await sleep(clock, serialPollMs, over.signal).catch(() => {});
    }
  };

  const answer = async (given: NonNullable<OrderEntry["answer"]>): Promise<Answer> => {
    if (facts === null) return { ...given, evidence: null };
    const sight = withStuck(await control.look(), progress, facts.epoch);
    const { evidence, note } = evidenceOf(sight, facts, effects.nowMs());
    const detail = [given.detail, note].filter((text) => text !== "").join("; ");
    return { result: given.result, detail, evidence };
  };

  const halt = async (): Promise<void> => {
    evacuating?.end.abort();
    await evacuating?.done;
    evacuating = null;
  };

  const tell = (evacuation: EvacuationFacts, told: Pick<OrderProgress, "state" | "workloads">) => {
    const { operationId, epoch } = evacuation;
    progress = {
      operationId,
      epoch,
      state: told.state,
      workloads: fitWorkloads(told.workloads).items,
      observedMs: effects.nowMs(),
    };
    isTold = false;
    effects.onProgress();
  };

  const evacuate = (evacuation: EvacuationFacts): void => {
    const end = new AbortController();
    // Not by AbortSignal.any: one that is waited for and never aborted stays in memory for good.
    if (over.signal.aborted) end.abort();
    const run = async (): Promise<void> => {
      let last: Pick<OrderProgress, "state" | "workloads"> | null = null;
      const ending = await evacuateHost({
        control,
        clock,
        nowMs: effects.nowMs,
        evacuation,
        signal: end.signal,
        // The end is told once it is on disk: who has heard of it must find it there.
        tell: (state, workloads) => {
          last = { state, workloads };
          if (state === "running") tell(evacuation, last);
        },
        onAsked: () => failPoint("evacuation-asked"),
      });
      if (ending === null || facts === null) return;
      write({ ...facts, evacuation: { ...evacuation, state: ending } });
      failPoint("evacuation-over");
      if (last !== null) tell(evacuation, last);
      log.info({ operationId: evacuation.operationId, ending }, "evacuation is over");
    };
    const done = run().catch((error: unknown) => {
      log.error(
        { err: error },
        "an evacuation could not be noted; it is begun again by its manager",
      );
    });
    evacuating = { end, done };
  };

  /** Everything that an action does, and what of it must be on disk with `done`. */
  const act = async (
    order: HostOrder,
  ): Promise<{ problems: readonly string[]; detail?: string; changed?: Partial<OrderFacts> }> => {
    const { operationId, epoch, action } = order;
    const name = { operationId, epoch };
    switch (action.kind) {
      case "fence": {
        const { problems } = await control.fence(name);
        const fence = { ...name, sinceMs: facts?.fence?.sinceMs ?? effects.nowMs() };
        return problems.length === 0 ? { problems, changed: { fence } } : { problems };
      }
      case "evacuate": {
        await halt();
        const { workloads } = await control.look();
        // A release forgets it: until then whatever any drain stopped is owed a start.
        const before = facts?.evacuation?.workloads ?? [];
        const names = workloads.filter(isThere).map((workload) => workload.name);
        const all = [...new Set([...before, ...names])].slice(0, wireLimits.workloadsPerHostMax);
        const { deadlineMs, graceMs, force } = action;
        const evacuation = { ...name, deadlineMs, graceMs, force, workloads: all };
        return { problems: [], changed: { evacuation: { ...evacuation, state: "running" } } };
      }
      case "halt-evacuation": {
        await halt();
        const { problems } = await control.halt(name);
        const evacuation = facts?.evacuation ?? null;
        if (evacuation?.state !== "running") return { problems };
        return { problems, changed: { evacuation: { ...evacuation, state: "halted" } } };
      }
      case "release": {
        await halt();
        const restart = action.restart ? (facts?.evacuation?.workloads ?? []) : [];
        const { problems } = await control.release({ ...name, restart });
        if (problems.length > 0) return { problems };
        return { problems, changed: { fence: null, evacuation: null } };
      }
      case "reboot": {
        const { problems } = await control.reboot({ ...name, graceMs: action.graceMs });
        return { problems, detail: "the system was told to restart" };
      }
      case "prove-empty":
      case "unknown":
        return { problems: [] };
    }
  };

  const carry = async (command: Command, order: HostOrder): Promise<Answer> => {
    const refused = (detail: string): Answer => ({ result: "refused", detail, evidence: null });
    if (facts === null) return refused(damage ?? "this host's order journal cannot be used");
    const known = await serial();
    const measure = {
      facts,
      term: effects.term(),
      nowMs: effects.nowMs(),
      serial: known,
      hold: null,
      whyNoReboot: null,
    };
    const key = orderKey(order);
    const { epoch, action } = order;
    const early = judgeOrder(command, order, measure);
    if (early !== null || action.kind === "unknown") return refused(early ?? "unknown");
    const before = answerOf(facts, key, command.id);
    if (before !== null) return answer(before);
    const hold = effects.readHold();
    const whyNoReboot = action.kind === "reboot" ? control.whyNoReboot() : null;
    const late = judgeOrder(command, order, { ...measure, hold, whyNoReboot });
    if (late !== null) return refused(late);
    failPoint("order-taken");
    // May come twice, and must not wait for a disk that takes no write.
    const halted = action.kind === "halt-evacuation" ? await act(order) : null;
    const seen = { epoch, term: Math.max(facts.term, command.term) };
    if (epoch > (facts.evacuation?.epoch ?? epoch)) await halt();
    const seenFacts = withoutOldEvacuation({ ...facts, ...seen }, epoch);
    if (action.kind === "prove-empty") {
      if (epoch > facts.epoch || seen.term > facts.term) write(seenFacts);
      return answer({ result: "done", detail: "" });
    }
    const entry = {
      commandId: command.id,
      key,
      action: action.kind,
      epoch,
      bootId: effects.bootId,
      answer: null,
    };
    write(withOrder(seenFacts, { ...entry, state: "received" }));
    failPoint("order-received");
    write(withOrder(facts, { ...entry, state: "started" }));
    failPoint("order-started");
    const { problems, detail = "", changed = {} } = halted ?? (await act(order));
    failPoint("order-acted");
    const given =
      problems.length === 0
        ? ({ result: "done", detail } as const)
        : ({ result: "failed", detail: problems.join("; ") } as const);
    const done = { ...facts, ...changed };
    // A reboot is done when another boot has begun.
    const isOver = problems.length > 0 || action.kind !== "reboot";
    write(isOver ? withOrder(done, { ...entry, state: "done", answer: given }) : done);
    failPoint("order-done");
    if (changed.evacuation?.state === "running") evacuate(changed.evacuation);
    log.info({ ...order, result: given.result, detail: given.detail }, "order carried out");
    // It goes down: what looking would take may be more than there is left.
    if (action.kind === "reboot") return { ...given, evidence: null };
    return answer(given);
  };

  const carryOut = async (command: Command, order: HostOrder): Promise<CommandOutcome> => {
    const commandId = command.id;
    try {
      return { commandId, ...(await carry(command, order)) };
    } catch (error) {
      log.error({ err: error, operationId: order.operationId }, "an order was not carried out");
      const detail = error instanceof Error ? error.message : String(error);
      return { commandId, result: "failed", detail, evidence: null };
    }
  };

  return {
    carryOut: (command, order) => {
      const waiting = inHand.get(command.id);
      if (waiting !== undefined) return waiting;
      const outcome = turn.then(() => carryOut(command, order));
      turn = outcome;
      inHand.set(command.id, outcome);
      void outcome.then(() => inHand.delete(command.id));
      return outcome;
    },
    resume: () => {
      const resumed = turn.then(async () => {
        try {
          if (leftover !== null) await letGo(leftover, effects);
          if (facts === null) return;
          const settled = settleReboots(facts, effects.bootId);
          if (settled !== facts) write(settled);
          if (settled.fence !== null) {
            const { problems } = await control.holdFence(settled.fence);
            if (problems.length > 0) log.error({ problems }, "the fence could not be put up again");
          }
          const { evacuation } = settled;
          if (evacuation === null || evacuation.state === "halted") return;
          if (evacuation.state === "running") evacuate(evacuation);
          // Its manager may not have heard the end of it.
          else tell(evacuation, { ...(await control.look()), state: evacuation.state });
        } catch (error) {
          log.error({ err: error }, "what the last run was ordered could not be gone on with");
        }
      });
      turn = resumed;
      return resumed;
    },
    takeProgress: () => {
      if (isTold) return null;
      isTold = true;
      return progress;
    },
    sayAgain: () => {
      isTold = progress === null;
    },
    stop() {
      over.abort();
      evacuating?.end.abort();
    },
  };
}

/** Another identity was fenced here: nothing of it is inherited, nor left behind. */
async function letGo(former: OrderFacts, { control, log }: OrderDeskEffects): Promise<void> {
  if (former.fence === null) return;
  const { problems } = await control.release({ ...former.fence, restart: [] });
  log.warn({ formerHost: former.hostId, problems }, "the fence of a former identity was lifted");
}
