import { lstatSync, readdirSync, type Stats, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Adapter, adapterEnvironment, type Problems } from "./adapter.ts";
import { parseHookList } from "./hook-answer.ts";
import type { EvacuationAsk, OrderName } from "./host-control.ts";
import { type ProgramEnd, type ProgramRequest, runProgram } from "./run-program.ts";
import { errorCode, isAbsent, modeOf, whyReplaceable } from "./trusted-path.ts";

/** Hooks in one folder; more are a mistake, and told. */
export const hooksMax = 16;
const listMs = 10_000;
const actMs = 30_000;
/** Beyond the grace that an evacuation has, for the hook's own work. */
const beyondGraceMs = 10_000;
const graceMsMax = 24 * 3_600_000;
const outputBytesMax = 1024 * 1024;

type Verb = "list" | "fence" | "evacuate" | "halt" | "release";

/** Runs one hook once: beside us, or in a unit of its own. */
export type RunHook = (request: ProgramRequest) => Promise<ProgramEnd>;

export interface FoundHooks {
  readonly hooks: readonly Adapter[];
  /** Files that are there and are not run, each with the reason: what they know is not asked. */
  readonly refused: readonly string[];
}

/**
 * The executables of a folder, in the order of their names; see docs/operating/drain-on-the-host.md for what is
 * said to them. Looked for anew each time: a hook that was added counts from the next order on.
 * `folder` not there: no hooks; there and not to be read: refused. Only files that nobody but root and this agent's user can change.
 */
export function findHooks(folder: string, uid: number, runHook: RunHook = runProgram): FoundHooks {
  let entries: readonly string[];
  try {
    entries = readdirSync(folder).filter((entry) => !entry.startsWith("."));
  } catch (error) {
    if (isAbsent(folder)) return { hooks: [], refused: [] };
    return { hooks: [], refused: [`${folder} is there and cannot be read (${errorCode(error)})`] };
  }
  if (entries.length > hooksMax) {
    return { hooks: [], refused: [`${folder} holds more than ${hooksMax} files`] };
  }
  const hooks: Adapter[] = [];
  const refused: string[] = [];
  for (const entry of entries.toSorted()) {
    const path = join(folder, entry);
    const why = whyNot(path, uid);
    if (why === null) hooks.push(createHook(path, entry, runHook));
    else refused.push(`hook/${entry}: ${why}`);
  }
  return { hooks, refused };
}

/** null: it may be run. Everything on the way to it counts: who may rename may replace. */
function whyNot(path: string, uid: number): string | null {
  try {
    if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/.test(path.slice(dirname(path).length + 1))) {
      return "its name has other characters than letters, digits, _ . -";
    }
    if (lstatSync(path).isSymbolicLink()) return "it is a link; put the file itself there";
    const file = statSync(path);
    if (!file.isFile()) return "it is not a file";
    if ((file.mode & 0o111) === 0) return "it is not executable";
    return (
      whyUntrusted("it", file, uid) ??
      whyUntrusted("its folder", statSync(dirname(path)), uid) ??
      whyReplaceable(path, uid)
    );
  } catch (error) {
    return `it cannot be looked at (${errorCode(error)})`;
  }
}

function whyUntrusted(what: string, { uid: owner, mode }: Stats, uid: number): string | null {
  if (owner !== 0 && owner !== uid) return `${what} belongs to user ${owner}, not to root`;
  if ((mode & 0o022) !== 0) return `${what} can be written by others (mode ${modeOf({ mode })})`;
  return null;
}

function createHook(path: string, entry: string, runHook: RunHook): Adapter {
  const run = (verb: Verb, say: object, timeoutMs: number, signal: AbortSignal | null = null) =>
    runHook({
      program: path,
      args: [verb],
      input: `${JSON.stringify({ version: 1, verb, ...say })}\n`,
      timeoutMs,
      outputBytesMax,
      env: adapterEnvironment,
      signal,
    });
  const act = async (verb: Verb, ask: OrderName, more: object = {}): Promise<Problems> =>
    problemsOf(verb, await run(verb, { ...nameOf(ask), ...more }, actMs));
  return {
    name: `hook/${entry}`,
    list: async () => {
      const end = await run("list", {}, listMs);
      const [problem] = problemsOf("list", end);
      if (problem !== undefined || end.kind !== "exited") {
        return { workloads: [], problem: problem ?? "gave no list" };
      }
      const parsed = parseHookList(end.out);
      return parsed.ok
        ? { workloads: parsed.value, problem: null }
        : { workloads: [], problem: parsed.problem };
    },
    fence: (ask) => act("fence", ask),
    holdFence: (ask) => act("fence", ask),
    evacuate: async (ask, signal) => {
      const { deadlineMs, graceMs, isHard, workloads } = ask;
      const say = {
        ...nameOf(ask),
        deadline_unix_ms: deadlineMs,
        grace_ms: graceMs,
        force: isHard,
        workloads,
      };
      const timeoutMs = (isHard ? 0 : Math.min(graceMs, graceMsMax)) + beyondGraceMs;
      return problemsOf("evacuate", await run("evacuate", say, timeoutMs, signal));
    },
    halt: (ask) => act("halt", ask),
    release: (ask) =>
      act("release", ask, { restart: ask.restart.length > 0, workloads: ask.restart }),
  };
}

function nameOf({ operationId, epoch }: OrderName | EvacuationAsk): object {
  return { operation: operationId, epoch };
}

function problemsOf(verb: Verb, end: ProgramEnd): Problems {
  if (end.kind === "failed") return [`${verb}: ${end.words}`];
  if (end.code === 0) return [];
  const words = end.err.trim().split("\n").at(-1) ?? "";
  return [`${verb}: exit code ${end.code}${words === "" ? "" : `: ${words.slice(0, 160)}`}`];
}
