import type { Command, CommandOutcome } from "#proto/messages/frames.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { type HostId, newUuidV7 } from "#proto/vocabulary/ids.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { type UnixMs, unixMs } from "#proto/vocabulary/units.ts";

export type CommandAction = Exclude<Command["action"], { readonly kind: "unknown" }>;

export type CommandProblem =
  /** The host was not there, or did not answer, until the command's time was over. */
  | { readonly kind: "expired"; readonly commandId: string }
  | { readonly kind: "queue-full"; readonly waiting: number }
  /** It was withdrawn, the host was removed, or this manager stops. */
  | { readonly kind: "given-up"; readonly commandId: string };

/**
 * Commands that wait for their host: delivered at least once (again after each reconnect), and
 * settled by the outcome that carries their id. Agents answer repeats from their journal.
 */
export interface CommandQueue {
  enqueue(
    hostId: HostId,
    action: CommandAction,
    validMs: number,
  ): {
    readonly command: Command | null;
    readonly outcome: Promise<Result<CommandOutcome, CommandProblem>>;
  };
  /** What a host has to be told when its session opens; oldest first. */
  waiting(hostId: HostId): readonly Command[];
  /** false: no such command waits for this host (a repeat, or another host's). */
  settle(hostId: HostId, outcome: CommandOutcome): boolean;
  /** Those are not sent again. What is on the wire already cannot be called back. */
  withdraw(hostId: HostId, isMeant: (action: CommandAction) => boolean): void;
  giveUp(hostId: HostId): void;
  stop(): void;
}

interface Entry {
  readonly command: Command & { readonly action: CommandAction };
  readonly finish: (result: Result<CommandOutcome, CommandProblem>) => void;
}

export function createCommandQueue(effects: {
  readonly clock: Clock;
  readonly random: Random;
  readonly term: () => number;
  readonly perHostMax: number;
}): CommandQueue {
  const { clock, random, term, perHostMax } = effects;
  const queues = new Map<HostId, Map<string, Entry>>();

  const take = (hostId: HostId, commandId: string): Entry | undefined => {
    const queue = queues.get(hostId);
    const entry = queue?.get(commandId);
    queue?.delete(commandId);
    if (queue?.size === 0) queues.delete(hostId);
    return entry;
  };

  const withdraw: CommandQueue["withdraw"] = (hostId, isMeant) => {
    for (const [commandId, { command }] of [...(queues.get(hostId) ?? [])])
      if (isMeant(command.action))
        take(hostId, commandId)?.finish(fail({ kind: "given-up", commandId }));
  };
  const giveUp = (hostId: HostId): void => withdraw(hostId, () => true);

  return {
    enqueue: (hostId, action, validMs) => {
      const queue = queues.get(hostId) ?? new Map<string, Entry>();
      if (queue.size >= perHostMax)
        return {
          command: null,
          outcome: Promise.resolve(fail({ kind: "queue-full", waiting: queue.size })),
        };
      queues.set(hostId, queue);
      const now = clock.nowUnixMs();
      const expiresMs: UnixMs = unixMs(now + validMs);
      const command: Entry["command"] = {
        id: newUuidV7(now, random),
        term: term(),
        expiresMs,
        action,
      };
      const outcome = new Promise<Result<CommandOutcome, CommandProblem>>((resolve) => {
        const cancel = clock.after(validMs, () => {
          take(hostId, command.id)?.finish(fail({ kind: "expired", commandId: command.id }));
        });
        const finish: Entry["finish"] = (result) => {
          cancel();
          resolve(result);
        };
        queue.set(command.id, { command, finish });
      });
      return { command, outcome };
    },
    waiting: (hostId) => [...(queues.get(hostId)?.values() ?? [])].map((entry) => entry.command),
    settle: (hostId, outcome) => {
      const entry = take(hostId, outcome.commandId);
      entry?.finish(ok(outcome));
      return entry !== undefined;
    },
    withdraw,
    giveUp,
    stop: () => {
      for (const hostId of [...queues.keys()]) giveUp(hostId);
    },
  };
}
