import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { FarmHost, FarmNews, FarmOrder } from "./agent-farm.ts";

export interface FarmProcess {
  readonly hostIds: readonly string[];
  /** The most unacknowledged reports that one agent holds. */
  held(): Promise<number>;
  /** Stops all agents, which send what fits, and tells what their witnesses saw. */
  harvest(): Promise<{ readonly hosts: readonly FarmHost[]; readonly ackMs: readonly number[] }>;
  kill(): void;
}

/** Starts as many real agents as there are tokens, in one process. */
export async function startFarm(manager: string, tokens: readonly string[]): Promise<FarmProcess> {
  const child = fork(join(import.meta.dirname, "agent-farm.ts"), {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    serialization: "advanced",
  });
  const died = once(child, "exit").then(([code]): never => {
    throw new Error(`the farm ended with ${code}`);
  });
  died.catch(() => {});
  const ask = async (order: FarmOrder): Promise<FarmNews> => {
    const answer = once(child, "message") as Promise<[FarmNews]>;
    child.send(order);
    const [news] = await Promise.race([answer, died]);
    if (news.kind === "failed") throw new Error(`the farm failed: ${news.reason}`);
    return news;
  };
  const started = await ask({ kind: "start", manager, tokens });
  if (started.kind !== "started") throw new Error(`the farm says ${started.kind}`);
  return {
    hostIds: started.hostIds,
    async held() {
      const news = await ask({ kind: "held", manager, tokens: [] });
      if (news.kind !== "held") throw new Error(`the farm says ${news.kind}`);
      return news.reports;
    },
    async harvest() {
      const news = await ask({ kind: "stop", manager, tokens: [] });
      if (news.kind !== "stopped") throw new Error(`the farm says ${news.kind}`);
      return news;
    },
    kill: () => child.kill("SIGKILL"),
  };
}
