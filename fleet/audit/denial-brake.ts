import type { Clock } from "#proto/vocabulary/clock.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { AuditNote } from "./audit.ts";

/** Denials of one minute that are written one by one; the others of it are counted. */
export const denialsPerMinuteMax = 60;
const minuteMs = 60_000;

/**
 * Whoever may be denied may be denied a thousand times a second, and the audit is never thinned out:
 * so a minute's denials beyond the limit become one record that says how many they were.
 */
export function createDenialBrake({
  clock,
  write,
  log,
}: {
  readonly clock: Clock;
  readonly write: (note: AuditNote) => Promise<void>;
  readonly log: Log;
}): { denied(note: AuditNote): Promise<void>; stop(): Promise<void> } {
  let written = 0;
  const counted = new Map<string, number>();
  let cancel: (() => void) | undefined;

  const endMinute = async (): Promise<void> => {
    cancel?.();
    cancel = undefined;
    written = 0;
    const sums = [...counted];
    counted.clear();
    for (const [action, times] of sums) await write(sumOf(action, times));
  };
  return {
    async denied(note) {
      cancel ??= clock.after(minuteMs, () => {
        endMinute().catch((err: unknown) =>
          log.error({ err }, "denied attempts could not be written into the audit"),
        );
      });
      if (written < denialsPerMinuteMax) {
        written += 1;
        return write(note);
      }
      counted.set(note.action, (counted.get(note.action) ?? 0) + 1);
    },
    stop: endMinute,
  };
}

function sumOf(action: string, times: number): AuditNote {
  return {
    actor: "many",
    actorKind: "automation",
    action,
    outcome: "denied",
    subject: { kind: "cell", id: "cell", name: "cell", serial: null, rack: null },
    reason: "too many in one minute to write each",
    planHash: null,
    facts: { times },
  };
}
