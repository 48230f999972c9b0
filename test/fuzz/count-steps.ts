import { Session } from "node:inspector";
import type { FuzzTarget } from "./fuzz-target.ts";

/**
 * How often V8 entered a function or block of our own code while `target` parsed `text`: a count of
 * steps that is the same on every machine. What built-ins do inside (split, regular expressions) is
 * not counted; the limit on CPU time is for them.
 */
export interface StepCounter {
  count(target: FuzzTarget, text: string): number;
  close(): void;
}

export function openStepCounter(): StepCounter {
  const session = new Session();
  session.connect();
  call(session, "Profiler.enable");
  call(session, "Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  return {
    count(target, text) {
      // Taking the counts sets them to zero.
      take(session);
      try {
        target.parse(text);
      } catch {
        // What it may throw is judged elsewhere.
      }
      return take(session);
    },
    close() {
      call(session, "Profiler.stopPreciseCoverage");
      session.disconnect();
    },
  };
}

interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly { readonly ranges: readonly { readonly count: number }[] }[];
  }[];
}

function take(session: Session): number {
  const { result } = call(session, "Profiler.takePreciseCoverage") as Coverage;
  let steps = 0;
  for (const { url, functions } of result)
    if (/\/(?:agent|fleet|proto)\//.test(url) && !url.includes("node_modules"))
      for (const { ranges } of functions) for (const { count } of ranges) steps += count;
  return steps;
}

/** The inspector of one's own thread answers before `post` returns. */
function call(session: Session, method: string, parameters: object = {}): unknown {
  let answered: unknown;
  session.post(method, parameters, (error, result) => {
    if (error !== null) throw error;
    answered = result;
  });
  return answered;
}
