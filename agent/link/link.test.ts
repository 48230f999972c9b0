import { expect, test } from "vitest";
import type { Hello, ManagerMessage, Refusal } from "#proto/messages/frames.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { createTestBed, type TestBed } from "#test/support/test-agent.ts";

/** Lines of a log, as `level message {facts}`. */
function createLogKeeper(): {
  log: Log;
  lines: { level: string; facts: object; message: string }[];
} {
  const lines: { level: string; facts: object; message: string }[] = [];
  const at = (level: string) => (facts: object, message: string) => {
    lines.push({ level, facts, message });
  };
  const log: Log = {
    fatal: at("fatal"),
    error: at("error"),
    warn: at("warn"),
    info: at("info"),
    debug: at("debug"),
    child: () => log,
  };
  return { log, lines };
}

const hellos = (bed: TestBed): readonly Hello[] =>
  bed.manager.of("hello").map(({ hello }) => hello);

const refusal = (code: Refusal["code"], retryAfterMs: number | null): Refusal => ({
  code,
  message: `the manager says ${code}`,
  hint: "do this",
  retryAfterMs,
});

test("no welcome within the time limit ends the connection, and it is tried again", async () => {
  const bed = createTestBed();
  bed.manager.script.welcomes = false;
  const agent = bed.start();
  await bed.clock.advance(19_000);
  expect(agent.status().link.state).toBe("greeting");
  await bed.clock.advance(10_000);
  expect(agent.status().link.reason).toMatch(/no answer within 20000 ms/);
  bed.manager.script.welcomes = true;
  await bed.clock.advance(60_000);
  expect(agent.status().link).toMatchObject({ state: "live", reason: null });
  await bed.stop(agent);
});

test("a manager that acknowledges nothing for half a minute is left, and all is sent again", async () => {
  const bed = createTestBed();
  bed.manager.script.acknowledges = false;
  const agent = bed.start();
  await bed.clock.advance(50_000);
  expect(bed.manager.peers.length).toBe(2);
  expect(agent.status().ring.reports).toBeGreaterThan(2);
  bed.manager.script.acknowledges = true;
  await bed.clock.advance(60_000);
  expect(agent.status().ring.reports).toBe(0);
  const seqs = [...bed.manager.kept.values()].map(({ seq }) => seq).sort((a, b) => a - b);
  expect(seqs).toEqual(seqs.map((_, index) => index + 1));
  await bed.stop(agent);
});

test("a manager that never takes the state is left too, and gets it again", async () => {
  const bed = createTestBed();
  bed.manager.script.acknowledgesState = false;
  const agent = bed.start();
  await bed.clock.advance(40_000);
  expect(bed.manager.peers.length).toBe(2);
  bed.manager.script.acknowledgesState = true;
  bed.network.cut();
  await bed.clock.advance(60_000);
  expect(bed.manager.peers.length).toBe(3);
  expect(agent.status().link.state).toBe("live");
  const revisions = bed.manager.of("state").map(({ state }) => state.revision);
  expect(revisions.length).toBe(3);
  expect(new Set(revisions).size).toBe(1);
  await bed.stop(agent);
});

test("what the manager has on disk already, the welcome takes out of the ring", async () => {
  const bed = createTestBed();
  bed.manager.script.acknowledges = false;
  const agent = bed.start();
  await bed.clock.advance(25_000);
  const held = agent.status().ring.reports;
  expect(held).toBeGreaterThan(1);
  bed.manager.script.welcome = { acknowledged: [{ first: 1, last: held }] };
  bed.network.cut();
  await bed.clock.advance(2_000);
  expect(agent.status().link.state).toBe("live");
  expect(agent.status().ring.reports).toBeLessThan(2);
  await bed.stop(agent);
});

test("one-way partitions are noticed in both directions, and nothing is lost", async () => {
  for (const direction of ["to-manager", "to-agent"] as const) {
    const bed = createTestBed();
    const agent = bed.start();
    await bed.clock.advance(20_000);
    bed.network.setPartition(direction);
    await bed.clock.advance(90_000);
    expect(agent.status().link.state).not.toBe("live");
    bed.network.setPartition("none");
    await bed.clock.advance(300_000);
    expect(agent.status()).toMatchObject({ link: { state: "live" }, ring: { reports: 0 } });
    await bed.stop(agent);
  }
});

test("a wire that drops, repeats, delays and reorders loses nothing in the end", async () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const bed = createTestBed({ seed });
    bed.network.setFaults({
      drop: 0.05,
      duplicate: 0.1,
      reorder: 0.1,
      delayMsMin: 5,
      delayMsMax: 900,
    });
    const agent = bed.start();
    await bed.clock.advance(600_000);
    bed.network.setFaults({ drop: 0, duplicate: 0, reorder: 0, delayMsMin: 1, delayMsMax: 1 });
    await bed.clock.advance(400_000);
    expect(agent.status().ring.reports).toBe(0);
    const seqs = [...bed.manager.kept.values()].map(({ seq }) => seq).sort((a, b) => a - b);
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    expect(seqs.length).toBeGreaterThan(90);
    await bed.stop(agent);
  }
});

test("a link that flaps every second is tried ever more rarely, and comes back when it holds", async () => {
  const bed = createTestBed();
  const agent = bed.start();
  for (let second = 0; second < 600; second += 1) {
    await bed.clock.advance(1_000);
    bed.network.cut();
  }
  expect(bed.manager.peers.length).toBeLessThan(40);
  await bed.clock.advance(150_000);
  expect(agent.status()).toMatchObject({ link: { state: "live" }, ring: { reports: 0 } });
  await bed.stop(agent);
});

test("after an outage old reports come at a fifth of the budget; new ones do not wait for them", async () => {
  const bed = createTestBed();
  const arrivals: { readonly seq: number; readonly atMs: number; readonly endMs: number }[] = [];
  const { accept } = bed.manager;
  bed.network.listen((peer) => {
    const handlers = accept(peer);
    return {
      onMessage(bytes) {
        handlers.onMessage(bytes);
        const message = bed.manager.heard.at(-1);
        if (message?.kind !== "report") return;
        const { seq, startMonotonicMs, steps, stepMs } = message.report;
        const endMs = startMonotonicMs + (steps - 1) * stepMs;
        arrivals.push({ seq, atMs: bed.clock.nowMonotonicMs(), endMs });
      },
      onClose: handlers.onClose,
    };
  });
  const agent = bed.start();
  await bed.clock.advance(15_000);
  bed.network.setPartition("both");
  bed.network.cut();
  await bed.clock.advance(1_800_000);
  const newest = agent.status().ring.reports;
  expect(newest).toBeGreaterThan(175);
  arrivals.length = 0;
  bed.network.setPartition("none");
  await bed.clock.advance(300_000);
  expect(agent.status().ring.reports).toBe(0);

  const startMs = arrivals[0]?.atMs ?? 0;
  const old = arrivals.filter(({ endMs, atMs }) => atMs - endMs > 3_000);
  expect(old.length).toBeGreaterThan(175);
  for (const [index, { atMs }] of old.entries()) {
    expect(index).toBeLessThanOrEqual(20 + ((atMs - startMs) / 1_000) * 4 + 1);
  }
  expect(old.map(({ seq }) => seq)).toEqual(old.map(({ seq }) => seq).sort((x, y) => x - y));
  // New ones came while old ones were still on their way.
  const lastOldMs = old.at(-1)?.atMs ?? 0;
  const liveBefore = arrivals.filter(
    ({ atMs, endMs }) => atMs - endMs <= 3_000 && atMs < lastOldMs,
  );
  expect(liveBefore.length).toBeGreaterThanOrEqual(3);
  await bed.stop(agent);
});

test("no second carries more than a burst of a hundred, nor a minute more than its rate", async () => {
  const bed = createTestBed();
  const times: number[] = [];
  const { accept } = bed.manager;
  bed.network.listen((peer) => {
    const handlers = accept(peer);
    return {
      onMessage(bytes) {
        times.push(bed.clock.nowMonotonicMs());
        handlers.onMessage(bytes);
      },
      onClose: handlers.onClose,
    };
  });
  const agent = bed.start({ pace: { stepMs: 1_000, reportIntervalMs: 1_000 } });
  bed.manager.script.welcome = { reportIntervalMs: 1_000 };
  await bed.clock.advance(10_000);
  bed.network.cut();
  bed.network.setPartition("both");
  await bed.clock.advance(1_200_000);
  bed.network.setPartition("none");
  await bed.clock.advance(600_000);
  expect(agent.status().ring.reports).toBeLessThan(3);
  let tokens = 100;
  let last = 0;
  for (const at of times) {
    tokens = Math.min(100, tokens + ((at - last) / 1_000) * 20);
    last = at;
    tokens -= 1;
    expect(tokens).toBeGreaterThanOrEqual(0);
  }
  await bed.stop(agent);
});

test("a refusal with a time is obeyed, and its hint stands in the status", async () => {
  const bed = createTestBed();
  bed.manager.script.refusal = refusal("overloaded", 40_000);
  const agent = bed.start();
  await bed.clock.advance(39_000);
  expect(bed.manager.peers.length).toBe(1);
  expect(agent.status().link).toMatchObject({
    state: "waiting",
    reason: "the manager says overloaded",
    hint: "do this",
  });
  bed.manager.script.refusal = null;
  await bed.clock.advance(5_000);
  expect(agent.status().link.state).toBe("live");
  await bed.stop(agent);
});

test("an identity that was removed ends the agent, with the reason, and it stays away", async () => {
  const bed = createTestBed();
  bed.manager.script.refusal = refusal("identity-removed", null);
  const agent = bed.start();
  await bed.clock.advance(1_000);
  expect(await agent.ended).toMatchObject({
    kind: "refused",
    refusal: { code: "identity-removed" },
  });
  await bed.clock.advance(3_600_000);
  expect(bed.manager.peers.length).toBe(1);
  expect(agent.status().link.state).toBe("stopped");
  expect(bed.clock.timers()).toBe(0);
});

test("a key that is not pinned is asked about again, every five to ten minutes", async () => {
  const bed = createTestBed();
  bed.manager.script.refusal = refusal("not-enrolled", null);
  const agent = bed.start();
  await bed.clock.advance(3_600_000);
  expect(bed.manager.peers.length).toBeGreaterThanOrEqual(6);
  expect(bed.manager.peers.length).toBeLessThanOrEqual(13);
  await bed.stop(agent);
});

test("the same reason is told once, however often it comes again", async () => {
  const { log, lines } = createLogKeeper();
  const bed = createTestBed();
  bed.network.listen(null);
  const agent = bed.start({}, { log });
  await bed.clock.advance(1_200_000);
  const told = lines.filter(
    ({ level, message }) => level !== "debug" && message === "link is down",
  );
  expect(told.length).toBe(1);
  expect(told[0]?.facts).toMatchObject({ reason: "connection refused (1006)" });
  bed.network.listen(bed.manager.accept);
  await bed.clock.advance(150_000);
  expect(lines.filter(({ message }) => message === "link is live").length).toBe(1);
  await bed.stop(agent);
});

test("when there is nothing to report, heartbeats say that the agent lives", async () => {
  const bed = createTestBed();
  const agent = bed.start({}, { createCollectors: () => [] });
  await bed.clock.advance(120_000);
  expect(bed.manager.of("report").length).toBe(0);
  const beats = bed.manager.of("heartbeat").length;
  // Every 10 s, give or take a fifth.
  expect(beats).toBeGreaterThanOrEqual(9);
  expect(beats).toBeLessThanOrEqual(15);
  await bed.stop(agent);
});

test("bytes that do not decode end the session; a message of a newer manager does not", async () => {
  const bed = createTestBed();
  const agent = bed.start();
  await bed.clock.advance(5_000);
  // Field 99, of a message that this release does not know.
  bed.manager.peers.at(-1)?.send(Uint8Array.of(0x9a, 0x06, 0x00));
  await bed.clock.advance(1_000);
  expect(agent.status().link.state).toBe("live");
  bed.manager.peers.at(-1)?.send(Uint8Array.of(0xff, 0xff, 0xff));
  await bed.clock.advance(10);
  expect(agent.status().link.reason).toMatch(/does not decode/);
  await bed.clock.advance(10_000);
  expect(agent.status().link.state).toBe("live");
  await bed.stop(agent);
});

test("the manager sets the pace: by welcome, acknowledgement and command", async () => {
  const bed = createTestBed();
  bed.manager.script.welcome = { reportIntervalMs: 20_000 };
  const agent = bed.start();
  await bed.clock.advance(2_000);
  expect(agent.status().pace.reportIntervalMs).toBe(20_000);
  bed.manager.say({ kind: "ack", ack: { ranges: [], reportIntervalMs: 5_000 } });
  await bed.clock.advance(1_000);
  expect(agent.status().pace.reportIntervalMs).toBe(5_000);
  const command = (reportIntervalMs: number): ManagerMessage => ({
    kind: "command",
    command: {
      id: `c-${reportIntervalMs}`,
      term: 1,
      expiresMs: unixMs(bed.clock.nowUnixMs() + 60_000),
      action: { kind: "set-report-interval", reportIntervalMs },
    },
  });
  bed.manager.say(command(2_000));
  bed.manager.say(command(10_000_000));
  await bed.clock.advance(20_000);
  expect(agent.status().pace.reportIntervalMs).toBe(2_000);
  expect(
    bed.manager.of("outcome").map(({ outcome }) => [outcome.commandId, outcome.result]),
  ).toEqual([
    ["c-2000", "done"],
    ["c-10000000", "refused"],
  ]);
  const reports = bed.manager
    .of("report")
    .slice(-4)
    .map(({ report }) => report.steps);
  expect(reports).toEqual([2, 2, 2, 2]);
  await bed.stop(agent);
});

test("asked for its state, the agent sends it again under a new revision", async () => {
  const bed = createTestBed();
  const agent = bed.start();
  await bed.clock.advance(15_000);
  const before = bed.manager.of("state").length;
  bed.manager.say({
    kind: "command",
    command: {
      id: "c-1",
      term: 1,
      expiresMs: unixMs(bed.clock.nowUnixMs() + 60_000),
      action: { kind: "send-state" },
    },
  });
  await bed.clock.advance(1_000);
  const states = bed.manager.of("state");
  expect(states.length).toBe(before + 1);
  expect(states.at(-1)?.state.revision).toBeGreaterThan(states.at(-2)?.state.revision ?? 0);
  await bed.stop(agent);
});

test("a manager that needs the state gets it in each session; one that has it does not", async () => {
  const bed = createTestBed();
  const agent = bed.start();
  await bed.clock.advance(15_000);
  const first = bed.manager.of("state").length;
  bed.network.cut();
  await bed.clock.advance(15_000);
  expect(bed.manager.of("state").length).toBe(first);
  bed.manager.script.welcome = { needState: true };
  bed.network.cut();
  await bed.clock.advance(15_000);
  expect(bed.manager.of("state").length).toBe(first + 1);
  await bed.stop(agent);
});

test("the hello names what is still here, and the dictionary that comes next", async () => {
  const bed = createTestBed();
  const agent = bed.start();
  await bed.clock.advance(30_000);
  bed.network.cut();
  await bed.clock.advance(5_000);
  const [first, second] = hellos(bed);
  expect(first?.nextSeq).toBe(1);
  expect(second?.nextSeq).toBeGreaterThan(1);
  expect(second?.incarnationId).toBe(first?.incarnationId);
  expect(second?.spoolId).toBe(first?.spoolId);
  expect([...bed.manager.dictionaries.keys()]).toContain(second?.dictionary);
  expect(bed.manager.of("dictionary").length).toBe(1);
  await bed.stop(agent);
});

test("stopping sends what was taken, waits for it to be kept, and leaves no timer behind", async () => {
  const bed = createTestBed();
  const agent = bed.start();
  await bed.clock.advance(17_400);
  await bed.stop(agent);
  expect(await agent.ended).toEqual({ kind: "stopped" });
  expect(agent.status().ring.reports).toBe(0);
  const last = [...bed.manager.kept.values()].at(-1);
  const end = (last?.startMs ?? 0) + (last?.steps ?? 0) * 1_000;
  expect(bed.clock.nowUnixMs() - 3_000 - end).toBeLessThan(1_500);
  await bed.clock.runUntilIdle();
});

test("stopping without a manager takes no longer than the time for flushing", async () => {
  const bed = createTestBed();
  bed.manager.script.acknowledges = false;
  const agent = bed.start();
  await bed.clock.advance(15_000);
  let isStopped = false;
  const stopping = agent.stop().then(() => {
    isStopped = true;
  });
  await bed.clock.advance(2_600);
  expect(isStopped).toBe(true);
  await stopping;
});
