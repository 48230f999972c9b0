import { join } from "node:path";
import { expect, test } from "vitest";
import { createBench, until } from "#test/support/programs.ts";
import { childOf, startHere } from "#test/support/running-manager.ts";

const bench = createBench();

test("a manager that is killed six times in a row comes back each time", {
  timeout: 900_000,
}, async () => {
  // Sessions that end so soon count as a flapping link: the agent's pause grows to minutes.
  const comesBackMs = 150_000;
  const manager = await startHere(bench, {
    data: join(bench.folder(), "data"),
    port: await bench.freePort(),
  });
  const { id } = await manager.thisMachine();
  for (let round = 0; round < 6; round += 1) {
    // Ready, not only alive: a manager that dies before it has said that it listens did not come up.
    const isReady = async (): Promise<number | undefined> => {
      const { status } = await fetch(`${manager.url}/readyz`);
      return status === 200 ? childOf(manager, "fleet/main.ts") : undefined;
    };
    const killed = await until("the manager is ready", isReady, comesBackMs);
    process.kill(killed, "SIGKILL");
    await until("another manager", () =>
      childOf(manager, "fleet/main.ts") === killed ? undefined : true,
    );
  }
  const isBack = async () => {
    const found = await manager.thisMachine();
    return found.link.state === "connected" ? found : undefined;
  };
  const host = await until("this machine is connected again", isBack, comesBackMs);
  expect(host.id).toBe(id);
});
