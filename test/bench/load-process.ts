import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { BenchManager } from "./bench-manager.ts";
import type { FarmFigures, FarmNews, FarmOrder } from "./load-farm.ts";

/** The process that holds all simulated hosts of a bench. */
export interface LoadProcess {
  readonly pid: number;
  ask(order: FarmOrder): Promise<FarmFigures>;
  kill(): void;
}

export function startLoad(): LoadProcess {
  const child = fork(join(import.meta.dirname, "load-farm.ts"), {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    serialization: "advanced",
  });
  const died = once(child, "exit").then(([code]): never => {
    throw new Error(`the load ended with ${code}`);
  });
  died.catch(() => {});
  return {
    pid: child.pid ?? 0,
    async ask(order) {
      const answer = once(child, "message");
      child.send(order);
      const [news]: readonly FarmNews[] = await Promise.race([answer, died]);
      if (news === undefined || "failed" in news) throw new Error(`load: ${news?.failed}`);
      return news.figures;
    },
    kill: () => {
      child.kill("SIGKILL");
    },
  };
}

/** As many hosts as asked for, enrolled with a token each. */
export async function enrolLoad(
  manager: BenchManager,
  load: LoadProcess,
  hosts: number,
): Promise<FarmFigures> {
  const tokens: string[] = [];
  for (let index = 0; index < hosts; index += 1) {
    const created = await manager.api<{ readonly token: string }>("/enrolment/tokens", {
      kind: "host",
      hostName: `bench-${index}`,
    });
    tokens.push(created.token);
  }
  return load.ask({ kind: "enrol", manager: manager.agents, tokens });
}
