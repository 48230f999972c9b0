import { spawn } from "node:child_process";
import { join } from "node:path";
import { repositoryRoot } from "./places.ts";

/** Runs a program of node_modules/.bin with our Node; throws when it does not end with 0. */
export async function runTool(program: string, args: readonly string[]): Promise<void> {
  const entry = join(repositoryRoot, "node_modules/.bin", program);
  const child = spawn(process.execPath, [entry, ...args], {
    cwd: repositoryRoot,
    stdio: "inherit",
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) {
    throw new Error(`${program} ended with ${code}`);
  }
}
