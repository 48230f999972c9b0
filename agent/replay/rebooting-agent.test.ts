import { expect, test } from "vitest";
import { createTestBed } from "#test/support/test-agent.ts";
import type { BootId } from "#proto/vocabulary/ids.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import { simulatedRebootMs, startRebootingAgent } from "./rebooting-agent.ts";

function world() {
  const bed = createTestBed();
  let boots = 0;
  const boot = () => {
    boots += 1;
    return bed.start({}, { bootId: `b0070000-0000-4000-8000-00000000000${boots}` as BootId });
  };
  const agent = startRebootingAgent(boot, bed.clock, silentLog);
  return { bed, agent, boots: () => boots };
}

test("a reboot ends one boot's agent and begins another's; asked twice it is one", async () => {
  const { bed, agent, boots } = world();
  await bed.clock.advance(5_000);
  const { incarnationId } = agent.status();
  agent.reboot();
  agent.reboot();
  await bed.clock.advance(simulatedRebootMs.untilDown + simulatedRebootMs.down + 10_000);
  expect(boots()).toBe(2);
  expect(agent.status().incarnationId).not.toBe(incarnationId);
  expect(agent.status().link.state).toBe("live");
  await bed.stop(agent);
});

test("stopped while it is down, it stays down", async () => {
  const { bed, agent, boots } = world();
  agent.reboot();
  await bed.clock.advance(simulatedRebootMs.untilDown + 4_000);
  await bed.stop(agent);
  expect(await agent.ended).toEqual({ kind: "stopped" });
  await bed.clock.advance(60_000);
  expect(boots()).toBe(1);
});
