import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { loadAgentConfig } from "#agent/config/agent-config.ts";
import { openJournalFile } from "#agent/journal/journal-file.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { awaitEnrolment, hasJoined, waitingText } from "./await-enrolment.ts";
import { takeInstanceLock } from "./instance-lock.ts";
import { openServiceManager } from "./service-manager.ts";
import { silentLog } from "#proto/vocabulary/log.ts";

function rig() {
  const folder = mkdtempSync(join(tmpdir(), "wws-await-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const clock = createVirtualClock();
  const journal = openJournalFile(folder);
  const stop = new AbortController();
  const config = loadAgentConfig({ environment: {}, flags: { data: folder }, file: "/dev/null" });
  const service = openServiceManager({ environment: {}, pid: 1, clock, log: silentLog });
  let state = "waits";
  const waiting = awaitEnrolment({ config, journal, clock, service, signal: stop.signal }).then(
    () => {
      state = "goes on";
    },
    () => {
      state = "stopped";
    },
  );
  const join_ = () =>
    journal.write({
      format: 1,
      privateKeyPem: "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n",
      identity: null,
      manager: "fleet.example:7601",
      caKeySha256: "ab".repeat(32),
      term: 0,
    });
  return { folder, clock, journal, stop, waiting, join: join_, state: () => state };
}

test("it waits for hours, and goes on when a manager knows this host's key", async () => {
  const { clock, journal, join: enrol, state, waiting } = rig();
  await clock.advance(3_600_000);
  expect([state(), hasJoined(journal)]).toEqual(["waits", false]);
  enrol();
  await clock.advance(2_000);
  await waiting;
  expect([state(), clock.timers()]).toEqual(["goes on", 0]);
});

test("while the program that enrols still has the folder, it keeps out of its way", async () => {
  const { folder, clock, join: enrol, state, waiting } = rig();
  const answer = takeInstanceLock(folder);
  if (answer.kind !== "held") throw new Error("the folder is not ours");
  enrol();
  await clock.advance(60_000);
  expect(state()).toBe("waits");
  answer.lock.release();
  await clock.advance(2_000);
  await waiting;
  expect(state()).toBe("goes on");
});

test("it stops when it is told to", async () => {
  const { stop, waiting, state } = rig();
  stop.abort(new Error("SIGTERM"));
  await waiting;
  expect(state()).toBe("stopped");
});

test("it says what a person has to do, with the address where there is one", () => {
  expect(waitingText(null)).toContain("wws-agent enroll --manager HOST:PORT");
  expect(waitingText("fleet.example:7601")).toContain("--manager fleet.example:7601");
});
