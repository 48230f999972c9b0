import type { Operation } from "#fleet/api/operation-schemas.ts";
import type { Terminal } from "./terminal.ts";
import { exitLine, whyLine } from "./why-words.ts";
import { safeText, span } from "./words.ts";

/** Tells what is new about operations, each thing once, a line each, where no data goes. */
export interface ProgressTeller {
  tell(operation: Operation): void;
}

/** Figures in a sentence move: the same reason is told again only after so long. */
const againMs = 60_000;

export function createProgressTeller(terminal: Terminal): ProgressTeller {
  const told = new Map<string, Told>();
  return {
    tell(operation) {
      const known = told.get(operation.id) ?? { steps: 0, status: "", why: "", words: "", atMs: 0 };
      const nowMs = terminal.clock.nowUnixMs();
      const say = (text: string, atMs: number = nowMs): void => {
        const time = new Date(atMs).toISOString().slice(11, 19);
        terminal.stderr.write(`${time}  ${safeText(`${operation.host}  ${text}`)}\n`);
      };
      for (const end of operation.history.slice(known.steps)) {
        const took = span(end.endedMs - end.startedMs);
        const seen = end.evidence === "" ? "" : `: ${end.evidence}`;
        say(`${end.step} ${end.outcome} in ${took}${seen}`, end.endedMs);
      }
      const codes = operation.why.map(({ code }) => code).join(" ");
      const words = operation.why.map(whyLine).join("; ");
      const isNew = codes !== known.why || (words !== known.words && nowMs - known.atMs >= againMs);
      const isOver = operation.endedMs !== null;
      const hasMoved = operation.status !== known.status;
      const tellsWhy =
        !isOver && words !== "" && (isNew || (hasMoved && operation.status === "paused"));
      if (tellsWhy) {
        for (const why of operation.why) {
          say(
            `${operation.status === "paused" ? "paused" : `${operation.step} waits`}: ${whyLine(why)}`,
          );
          const exit = exitLine(why);
          if (exit !== null) say(`  ends it: ${exit}`);
        }
      }
      if (isOver && hasMoved) {
        const took = span((operation.endedMs ?? nowMs) - operation.startedMs);
        say(`${operation.kind} ${operation.status} after ${took}`, operation.endedMs ?? nowMs);
        if (operation.status === "failed") for (const why of operation.why) say(whyLine(why));
      }
      told.set(operation.id, {
        steps: operation.history.length,
        status: operation.status,
        why: codes,
        words: tellsWhy ? words : known.words,
        atMs: tellsWhy ? nowMs : known.atMs,
      });
    },
  };
}

interface Told {
  readonly steps: number;
  readonly status: string;
  readonly why: string;
  readonly words: string;
  readonly atMs: number;
}
