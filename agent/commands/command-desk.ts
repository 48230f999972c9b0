import type { Command, CommandOutcome } from "#proto/messages/frames.ts";
import type { HostOrder } from "#proto/messages/orders.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";

/**
 * Carries out what a manager asks, at most once for each id; a command that comes again is answered
 * with what came of it the first time.
 */
export interface CommandDesk {
  carryOut(command: Command, answer: (outcome: CommandOutcome) => void): void;
}

export interface CommandEffects {
  /** The manager's time: what expires does so by its clock, whatever the host's says. */
  nowMs(): UnixMs;
  /** Highest term of leadership seen. */
  term(): number;
  sendState(): void;
  setReportInterval(reportIntervalMs: number): void;
  /** Never rejects. */
  order(command: Command, order: HostOrder): Promise<CommandOutcome>;
}

export const reportIntervalMsMin = 1_000;
export const reportIntervalMsMax = 300_000;
/** Outcomes remembered; a manager that repeats an older command than these has lost its way. */
const outcomesKept = 256;

export function createCommandDesk(effects: CommandEffects): CommandDesk {
  const outcomes = new Map<string, CommandOutcome>();
  return {
    carryOut(command, answer) {
      if (command.action.kind === "order") {
        // Remembered on disk, not here: the desk for orders answers what comes again.
        void effects.order(command, command.action.order).then(answer);
        return;
      }
      const before = outcomes.get(command.id);
      if (before !== undefined) return answer(before);
      const outcome = { commandId: command.id, ...decide(command, effects) };
      outcomes.set(command.id, outcome);
      const oldest = outcomes.keys().next().value;
      if (outcomes.size > outcomesKept && oldest !== undefined) outcomes.delete(oldest);
      answer(outcome);
    },
  };
}

function decide(command: Command, effects: CommandEffects): Omit<CommandOutcome, "commandId"> {
  const refused = (detail: string) => ({ result: "refused", detail, evidence: null }) as const;
  const done = { result: "done", detail: "", evidence: null } as const;
  const { action, term, expiresMs } = command;
  if (term < effects.term()) {
    return refused(`term ${term} is over: this host has seen term ${effects.term()}`);
  }
  if (expiresMs <= effects.nowMs()) return refused("it came after its time was over");
  switch (action.kind) {
    case "send-state":
      effects.sendState();
      return done;
    case "set-report-interval": {
      const { reportIntervalMs } = action;
      if (reportIntervalMs < reportIntervalMsMin || reportIntervalMs > reportIntervalMsMax) {
        return refused(
          `${reportIntervalMs} ms is not between ${reportIntervalMsMin} and ${reportIntervalMsMax} ms`,
        );
      }
      effects.setReportInterval(reportIntervalMs);
      return done;
    }
    case "order": // Never here: an order goes to its own desk.
    case "unknown":
      return refused("this agent's release does not know what was asked");
  }
}
