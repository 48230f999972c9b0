import { type ChildProcess, fork } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nodeEnvironment, nodeFlags } from "#agent/program/node-flags.ts";
import { agentRelease } from "#agent/release.ts";
import { bundleAgent } from "#test/tooling/package-bundle.ts";

/** An agent as the package installs it: one file, with the flags of its launcher. */
export interface AgentProcess {
  readonly pid: number;
  isRunning(): boolean;
  /** The end of what it said. */
  output(): string;
  end(): void;
}

export interface AgentProcessParts {
  /** Where the program is put. */
  readonly folder: string;
  readonly data: string;
  /** `host:port` of the manager's listener for agents. */
  readonly manager: string;
  readonly token: string;
  /** null: this machine. */
  readonly root: string | null;
  /** Settings beside those. */
  readonly environment?: Readonly<Record<string, string>>;
}

export async function startAgentProcess(parts: AgentProcessParts): Promise<AgentProcess> {
  const program = await writeProgram(parts.folder);
  const rootFlags = parts.root === null ? [] : ["--root", parts.root];
  const flags = ["run", "--data", parts.data, "--manager", parts.manager, ...rootFlags];
  const child = fork(program, flags, {
    execArgv: [...nodeFlags],
    env: {
      ...process.env,
      ...nodeEnvironment,
      ...parts.environment,
      WWS_JOIN_TOKEN: parts.token,
      WWS_LOG_LEVEL: "warn",
    },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  return watch(child);
}

async function writeProgram(folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const { programs } = await bundleAgent(agentRelease);
  for (const [name, bytes] of programs) writeFileSync(join(folder, name), bytes);
  return join(folder, "agent.cjs");
}

function watch(child: ChildProcess): AgentProcess {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (bytes: Buffer) => {
      output = (output + bytes.toString()).slice(-4_000);
    });
  }
  return {
    pid: child.pid ?? 0,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    output: () => output,
    end: () => void child.kill("SIGKILL"),
  };
}
