import { fileURLToPath } from "node:url";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { answerOfChild } from "./answer-of-child.ts";
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
  const limits = { timeoutMs, outputBytesMax: toolOutputBytesMax };
  const outcome = await runChild({
    program: process.execPath,
    // On the flags of the agent: what its sandbox forbids, its child may not do either.
    args: [...process.execArgv, entry, call],
    ...limits,
    env: { PATH: toolFolders.join(":"), LC_ALL: "C", LANG: "C", HOME: "/" },
  });
  const answer = answerOfChild(tool, outcome, limits);
  if (!answer.ok) return answer;
  const { exitCode, stdout, stderr } = answer.value;
  if (exitCode !== 0) {
    const detail = `${tool} ended with ${exitCode}: ${stderr.slice(0, 500)}`;
    return fail({ kind: "failed", tool, detail });
  }
  try {
    return ok(JSON.parse(stdout));
  } catch {
    return fail({ kind: "failed", tool, detail: `${tool} did not answer with JSON` });
  }
}
