import { accessSync, constants } from "node:fs";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { answerOfChild } from "./answer-of-child.ts";
import { runChild } from "./child.ts";
import {
  lookingTools,
  type ToolAnswer,
  type ToolProblem,
  type ToolRequest,
} from "./hardware-source.ts";

/** Never the PATH of whoever started the agent: a looking tool runs as root. */
export const toolFolders = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"] as const;

/** Longest output of one tool; a `smartctl -x` of a large array stays below 1 MiB. */
export const toolOutputBytesMax = 4 * 1024 * 1024;

/** Runs an allow-listed program by its absolute path. A non-zero exit is an answer, not a problem. */
export async function runLiveTool(
  root: string,
  request: ToolRequest,
): Promise<Result<ToolAnswer, ToolProblem>> {
  const { tool, args, timeoutMs } = request;
  if (!(lookingTools as readonly string[]).includes(tool))
    return fail({ kind: "denied", tool, detail: `${tool} is not among the tools that only look` });
  const found = findTool(root, tool);
  if (!found.ok) return found;
  const stuck = stuckByProgram.get(found.value) ?? 0;
  if (stuck >= stuckMax)
    return fail({
      kind: "timed-out",
      tool,
      detail: `${stuck} runs of ${tool} hang in the kernel since they were killed; it is not started again until one ends`,
    });
  const limits = { timeoutMs, outputBytesMax: toolOutputBytesMax };
  const outcome = await runChild({
    program: found.value,
    args,
    ...limits,
    onGone: () => countStuck(found.value, -1),
    // Times that a tool prints are in UTC: ipmitool writes those of the event log without a zone.
    env: { PATH: toolFolders.join(":"), LC_ALL: "C", LANG: "C", HOME: "/", TZ: "UTC" },
  });
  if (outcome.kind === "timed-out" && outcome.isStuck) countStuck(found.value, 1);
  return answerOfChild(tool, outcome, limits);
}

/** By program: runs that outlived SIGKILL. Each holds a process and some memory until reboot. */
const stuckByProgram = new Map<string, number>();
const stuckMax = 4;

function countStuck(program: string, change: 1 | -1): void {
  stuckByProgram.set(program, (stuckByProgram.get(program) ?? 0) + change);
}

function findTool(root: string, tool: string): Result<string, ToolProblem> {
  let denied: string | null = null;
  for (const folder of toolFolders) {
    const program = `${root}${folder}/${tool}`;
    try {
      accessSync(program, constants.X_OK);
      return ok(program);
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "EACCES") denied = program;
    }
  }
  if (denied !== null) return fail({ kind: "denied", tool, detail: `${denied} may not be run` });
  return fail({ kind: "missing", tool, detail: `${tool} is not in ${toolFolders.join(", ")}` });
}
