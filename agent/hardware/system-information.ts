import { fileURLToPath } from "node:url";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { runChild } from "./child.ts";
import {
  type SystemInformationCall,
  systemInformationCalls,
  type ToolProblem,
} from "./hardware-source.ts";
import { toolFolders, toolOutputBytesMax } from "./live-tool.ts";

/** The slowest call seen takes 2 s on a machine with many disks; a BIOS table read can hang. */
const timeoutMs = 30_000;

/**
 * Asks systeminformation in a child that ends with the answer: the library and the programs that it
 * starts leave no memory behind in the agent.
 */
export async function askLiveSystemInformation(
  root: string,
  call: SystemInformationCall,
  entry: string = fileURLToPath(new URL("./system-information-child.ts", import.meta.url)),
): Promise<Result<unknown, ToolProblem>> {
  const tool = `systeminformation.${call}`;
  if (!(systemInformationCalls as readonly string[]).includes(call))
    return fail({ kind: "denied", tool, detail: `${call} is not an allow-listed call` });
  if (root !== "")
    return fail({ kind: "missing", tool, detail: `systeminformation cannot look below ${root}` });
  const outcome = await runChild({
    program: process.execPath,
    // On the flags of the agent: what its sandbox forbids, its child may not do either.
    args: [...process.execArgv, entry, call],
    timeoutMs,
    outputBytesMax: toolOutputBytesMax,
    env: { PATH: toolFolders.join(":"), LC_ALL: "C", LANG: "C", HOME: "/" },
  });
  if (outcome.kind === "timed-out")
    return fail({
      kind: "timed-out",
      tool,
      detail: `${tool} gave no answer within ${timeoutMs} ms`,
    });
  if (outcome.kind === "too-large")
    return fail({
      kind: "failed",
      tool,
      detail: `${tool} answered more than ${toolOutputBytesMax} bytes`,
    });
  if (outcome.kind === "not-started") return fail({ kind: "failed", tool, detail: outcome.detail });
  if (outcome.exitCode !== 0)
    return fail({
      kind: "failed",
      tool,
      detail: `${tool} ended with ${outcome.exitCode ?? outcome.signal}: ${outcome.stderr.slice(0, 500)}`,
    });
  try {
    return ok(JSON.parse(outcome.stdout));
  } catch {
    return fail({ kind: "failed", tool, detail: `${tool} did not answer with JSON` });
  }
}
