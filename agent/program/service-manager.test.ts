import { expect, test } from "vitest";
import type { ChildOutcome, ChildRequest } from "#agent/hardware/child.ts";
import { createCapturedLog } from "#test/support/captured-log.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { openServiceManager } from "./service-manager.ts";

const environment = { NOTIFY_SOCKET: "/run/n", WATCHDOG_USEC: "180000000", WATCHDOG_PID: "7" };
const ended: ChildOutcome = { kind: "ended", exitCode: 0, signal: null, stdout: "", stderr: "" };

function rig(env: Readonly<Record<string, string>> = environment, outcome = ended) {
  const clock = createVirtualClock();
  const log = createCapturedLog();
  const sent: ChildRequest[] = [];
  const service = openServiceManager({
    environment: env,
    pid: 7,
    clock,
    log,
    run: async (request) => {
      sent.push(request);
      return outcome;
    },
  });
  return { clock, log, sent, service };
}

test("where nobody asked to be told, nothing is started", async () => {
  const { service, sent, clock } = rig({});
  expect(service.isThere).toBe(false);
  service.ready("x");
  service.roundDone();
  service.feedByTimer()();
  await clock.advance(1_000_000);
  expect([sent.length, clock.timers()]).toEqual([0, 0]);
});

test("ready, with what it does; the same words are not said again", () => {
  const { service, sent } = rig();
  service.ready("waits\nfor somebody");
  service.ready("waits\nfor somebody");
  expect(sent.map(({ args, env }) => [args, env["NOTIFY_SOCKET"]])).toEqual([
    [["--ready", "--status=waits for somebody", "WATCHDOG=1"], "/run/n"],
  ]);
});

test("rounds give a sign a minute, and none when there are none", async () => {
  const { service, sent, clock } = rig();
  service.ready("runs");
  for (let second = 0; second < 600; second += 1) {
    await clock.advance(1_000);
    service.roundDone();
  }
  expect(sent).toHaveLength(1 + 10);
  await clock.advance(3_600_000);
  expect(sent).toHaveLength(11);
});

test("before there are rounds, the event loop itself is what goes round", async () => {
  const { service, sent, clock } = rig();
  const cancel = service.feedByTimer();
  await clock.advance(300_000);
  expect(sent).toHaveLength(6);
  cancel();
  await clock.advance(300_000);
  expect([sent.length, clock.timers()]).toEqual([6, 0]);
});

test("a watchdog that is meant for another process is none of ours", async () => {
  const { service, sent, clock } = rig({ ...environment, WATCHDOG_PID: "8" });
  service.ready("runs");
  await clock.advance(600_000);
  service.roundDone();
  expect(sent).toHaveLength(1);
});

test("a systemd that cannot be told is said once", async () => {
  const { service, log, clock } = rig(environment, { kind: "timed-out", isStuck: false });
  service.ready("a");
  await clock.advance(60_000);
  service.roundDone();
  await clock.advance(60_000);
  service.roundDone();
  await clock.settle();
  expect(log.lines).toHaveLength(1);
});
