import {
  type HardwareSource,
  type LookingTool,
  type ReadProblem,
  rootMend,
  type ToolAnswer,
  type ToolProblem,
} from "#agent/hardware/hardware-source.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import type { LookerClient, LookerProblem } from "./looker-client.ts";
import { createKeptAnswers } from "./kept-answers.ts";
import { isEnergyCounter, mayList, mayRead } from "./path-grammar.ts";
import { parseToolAnswer } from "./parse-tool-answer.ts";
import { needsRoot } from "./tool-grammar.ts";

/** A source that sees with its own rights, and with the looker's where those end. */
export interface LookingSource extends HardwareSource {
  /**
   * Asks the looker for what every host keeps to root, so that the first look finds it. Settles when
   * all is there, or the looker is not; never rejects.
   */
  readonly prepare: () => Promise<void>;
}

/** What every run asks first. */
const known = {
  files: ["product_serial", "product_uuid", "board_serial", "chassis_serial"].map(
    (name) => `/sys/class/dmi/id/${name}`,
  ),
  /** What a dying kernel said, and whereto systemd moves it. */
  records: ["/sys/fs/pstore", "/var/lib/systemd/pstore"],
  powercap: "/sys/class/powercap",
} as const;

const tellsWithoutRoot: ReadonlySet<LookingTool> = new Set<LookingTool>([
  "nvidia-smi",
  "rocm-smi",
  "amd-smi",
  "lshw",
]);

/** RAPL has a package, its memory and psys on each of at most a few sockets. */
const energyDepthMax = 3;
const energyCountersMax = 256;
const recordFilesMax = 64;
const recordDepthMax = 2;

/**
 * Its own rights first: the looker is asked where the kernel said no. Tools that need root go to the
 * looker at once, for a tool that fails costs a process and says so in its own words.
 *
 * Files are read at once (the port is synchronous), the looker answers later: a path that was denied
 * is asked for, kept, and served from then on; `prepare` does so for all that is known beforehand.
 * Such files do not move: serial numbers, and what the kernel left of the boot before. Those that do
 * move every second, RAPL's counters, the looker opens to this process's group instead.
 */
export function createLookingSource(live: HardwareSource, looker: LookerClient): LookingSource {
  const texts = createKeptAnswers(async (path: string) =>
    asText(path, await looker.ask({ kind: "read", path })),
  );
  const folders = createKeptAnswers(async (path: string) =>
    asNames(path, await looker.ask({ kind: "list", path })),
  );
  const energy = createKeptAnswers(async (path: string) =>
    asDone(path, await looker.ask({ kind: "open-energy", path })),
  );

  const own = <Value>(
    path: string,
    answer: Result<Value, ReadProblem>,
    mayAsk: (path: string) => boolean,
    kept: { find(path: string): Result<Value, ReadProblem> | null },
  ): Result<Value, ReadProblem> =>
    answer.ok || answer.problem.kind !== "denied" || !mayAsk(path)
      ? answer
      : (kept.find(path) ?? answer);

  const ownFirst = async <Value>(
    path: string,
    read: () => Result<Value, ReadProblem>,
    renew: (path: string) => Promise<unknown>,
  ): Promise<void> => {
    const answer = read();
    if (!answer.ok && answer.problem.kind === "denied") await renew(path);
  };

  const prepareRecords = async (folder: string, depth: number): Promise<void> => {
    await ownFirst(folder, () => live.listDirectory(folder), folders.renew);
    const listed = own(folder, live.listDirectory(folder), mayList, folders);
    for (const name of listed.ok ? listed.value.slice(-recordFilesMax) : []) {
      const path = `${folder}/${name}`;
      if (mayList(path) && depth > 0) await prepareRecords(path, depth - 1);
      else if (mayRead(path)) await ownFirst(path, () => live.readText(path), texts.renew);
    }
  };

  return {
    readText: (path) => own(path, live.readText(path), mayRead, texts),
    listDirectory: (path) => own(path, live.listDirectory(path), mayList, folders),
    readLink: (path) => live.readLink(path),
    openCounterFile(path) {
      const opened = live.openCounterFile(path);
      if (opened.ok || opened.problem.kind !== "denied" || !isEnergyCounter(path)) return opened;
      energy.find(path);
      return opened;
    },
    readFilesystem: (path) => live.readFilesystem(path),
    async runTool(request) {
      const { tool } = request;
      if (!needsRoot(tool)) return live.runTool(request);
      const answer = await looker.ask({ kind: "run", ...request });
      // Without a looker some tools still tell something; the others only how they were refused.
      if (!answer.ok && answer.problem.kind === "absent" && tellsWithoutRoot.has(tool))
        return live.runTool(request);
      return asToolAnswer(tool, answer);
    },
    async askSystemInformation(call) {
      const answer = await looker.ask({ kind: "ask", call });
      if (answer.ok) return answer;
      // Less is told without root, but some of it.
      return answer.problem.kind === "absent"
        ? live.askSystemInformation(call)
        : fail(asToolProblem(`systeminformation.${call}`, answer.problem));
    },
    async prepare() {
      await Promise.all(
        known.files.map((path) => ownFirst(path, () => live.readText(path), texts.renew)),
      );
      for (const folder of known.records) await prepareRecords(folder, recordDepthMax);
      for (const path of findEnergyCounters(live)) {
        await ownFirst(path, () => live.readText(path), energy.renew);
      }
    },
  };
}

function findEnergyCounters(live: HardwareSource): readonly string[] {
  const found: string[] = [];
  const walk = (folder: string, depth: number): void => {
    const listed = live.listDirectory(folder);
    for (const name of listed.ok ? listed.value : []) {
      if (found.length >= energyCountersMax) return;
      const path = `${folder}/${name}`;
      if (isEnergyCounter(path)) found.push(path);
      else if (depth > 0 && /^intel-rapl(?:-mmio)?(?::\d+){0,3}$/.test(name)) walk(path, depth - 1);
    }
  };
  walk(known.powercap, energyDepthMax);
  return found;
}

type LookerAnswer = Result<unknown, LookerProblem>;

function asText(path: string, answer: LookerAnswer): Result<string, ReadProblem> {
  if (!answer.ok) return fail(asReadProblem(path, answer.problem));
  return typeof answer.value === "string" ? ok(answer.value) : fail(broken(path));
}

function asNames(path: string, answer: LookerAnswer): Result<readonly string[], ReadProblem> {
  if (!answer.ok) return fail(asReadProblem(path, answer.problem));
  const { value } = answer;
  return Array.isArray(value) && value.every((name) => typeof name === "string")
    ? ok(value)
    : fail(broken(path));
}

function asDone(path: string, answer: LookerAnswer): Result<null, ReadProblem> {
  return answer.ok ? ok(null) : fail(asReadProblem(path, answer.problem));
}

/** Of what the looker was told; where there is no looker the file is as denied as it was. */
function asReadProblem(path: string, problem: LookerProblem): ReadProblem {
  if (problem.kind !== "told") return { kind: "denied", path, errno: "EACCES" };
  const { kind, errno } = problem.problem;
  const isKnown = kind === "missing" || kind === "failed" || kind === "too-large";
  return { kind: isKnown ? kind : "denied", path, errno: typeof errno === "string" ? errno : null };
}

function broken(path: string): ReadProblem {
  return { kind: "failed", path, errno: null };
}

function asToolAnswer(tool: string, answer: LookerAnswer): Result<ToolAnswer, ToolProblem> {
  if (!answer.ok) return fail(asToolProblem(tool, answer.problem));
  const parsed = parseToolAnswer(answer.value);
  return parsed === null
    ? fail({ kind: "failed", tool, detail: `the looker's answer for ${tool} is none` })
    : ok(parsed);
}

function asToolProblem(tool: string, problem: LookerProblem): ToolProblem {
  switch (problem.kind) {
    case "absent":
      return {
        kind: "denied",
        tool,
        detail: `${tool} needs root: ${rootMend}`,
      };
    case "refused":
      return { kind: "denied", tool, detail: problem.detail };
    case "broken":
      return { kind: "failed", tool, detail: `${tool}: ${problem.detail}` };
    case "told": {
      const { kind, detail } = problem.problem;
      const isKnown = kind === "missing" || kind === "denied" || kind === "timed-out";
      return {
        kind: isKnown ? kind : "failed",
        tool,
        detail: typeof detail === "string" ? detail : `${tool} failed`,
      };
    }
  }
}
