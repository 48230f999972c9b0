import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ManagerMessage, Refusal } from "#proto/messages/frames.ts";
import type { CellId, HostId, PendingId } from "#proto/vocabulary/ids.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { spkiSha256 } from "#proto/certificate/write-certificate.ts";
import type { KeyFingerprint } from "#proto/vocabulary/ids.ts";
import { type AgentProcess, startAgentProcess, until } from "#test/support/agent-process.ts";
import { createScriptedManager } from "#test/support/scripted-manager.ts";
import { readStatusFile } from "#agent/program/status-file.ts";
import { createTestAuthority } from "#test/support/test-authority.ts";
import { startTlsManager, type TlsManager } from "#test/support/tls-manager.ts";

// Real processes on a machine that may have other work.
vi.setConfig({ testTimeout: 60_000 });

const hostId = "01930000-0000-7000-8000-0000000000ab" as HostId;
const authority = createTestAuthority();
const secret = "Zm9ydHktdHdvLWZvcnR5LXR3by1mb3J0eS10d28tND0";
const token = `wws1.${secret}.${Buffer.from(authority.caKeySha256, "hex").toString("base64url")}`;

let folder = "";
let tls: TlsManager;
let manager = createScriptedManager(() => Date.now());
let decide: (request: { token: string | null }) => "issue" | "wait" | Refusal;
const processes: AgentProcess[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "wws-agent-"));
  mkdirSync(join(folder, "machine/proc"), { recursive: true });
  writeFileSync(join(folder, "machine/proc/loadavg"), "0.42 0.30 0.20 1/99 4242\n");
  manager = createScriptedManager(() => Date.now());
  manager.script.welcome = { reportIntervalMs: 1_000 };
  decide = () => "issue";
  tls = await startTlsManager({
    authority,
    manager,
    enrol: (request, spki) => answer(request, spki),
  });
});

afterEach(async () => {
  for (const { child } of processes.splice(0)) child.kill("SIGKILL");
  await tls.close();
  rmSync(folder, { recursive: true, force: true });
});

function answer(request: { token: string | null }, spki: Uint8Array): ManagerMessage {
  const decision = decide(request);
  const managerMs = unixMs(Date.now());
  if (decision === "wait") {
    return {
      kind: "enrol",
      enrol: {
        kind: "pending",
        pendingId: "01930000-0000-7000-8000-0000000000cd" as PendingId,
        fingerprint: spkiSha256(spki) as KeyFingerprint,
        retryAfterMs: 200,
        managerMs,
      },
    };
  }
  if (decision !== "issue") return { kind: "refusal", refusal: decision };
  return {
    kind: "enrol",
    enrol: {
      kind: "issued",
      hostId,
      hostName: "web-1",
      cell: "na" as CellId,
      generation: 1,
      certificateChain: authority.issueForKey(`spiffe://na/host/${hostId}`, spki),
      managerMs,
    },
  };
}

function agent(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  input = "",
): AgentProcess {
  const data = ["--data", join(folder, "data")];
  // A small machine is looked at in no time; what this one gives is the first test's matter.
  const root = args.includes("--root") ? [] : ["--root", join(folder, "machine")];
  const started = startAgentProcess([...args, ...data, ...root], { env, input });
  processes.push(started);
  return started;
}

const run = (
  env: Readonly<Record<string, string>> = {},
  flags: readonly string[] = [],
): AgentProcess => agent(["run", ...flags], { WWS_MANAGER: tls.address, ...env });
const reports = (): number => manager.of("report").length;

test("run with a token enrols, reports this machine, and stops cleanly with its last samples", async () => {
  const running = run({ WWS_JOIN_TOKEN: token }, ["--root", "/"]);
  await until("three reports", () => reports() >= 3);
  const metrics = new Set(
    [...manager.dictionaries.values()].flatMap(({ series }) =>
      series.map((entry) => entry?.metric),
    ),
  );
  expect([...metrics]).toContain("system.cpu.utilization");
  expect([...metrics]).toContain("system.memory.usage");
  expect(manager.of("hello")[0]?.hello).toMatchObject({ hostId, simulated: false });
  expect(manager.unreadable).toEqual([]);

  const status = agent(["status"]);
  expect(await status.exited).toBe(0);
  expect(status.stdout()).toMatch(/link +live since/);
  expect(status.stdout()).toMatch(/web-1/);

  running.child.kill("SIGTERM");
  expect(await running.exited).toBe(0);
  const last = manager.of("report").at(-1)?.report;
  const endMs = (last?.startMs ?? 0) + (last?.steps ?? 0) * 1_000;
  expect(Date.now() - endMs).toBeLessThan(4_000);
  expect(running.stderr()).not.toContain(secret);
  const after = agent(["status"]);
  expect(await after.exited).toBe(3);
});

test("what is secret lies in files of the owner alone, and the token in none", async () => {
  const enrolled = agent(["enroll", "--manager", tls.address], { WWS_JOIN_TOKEN: token });
  expect(await enrolled.exited).toBe(0);
  expect(enrolled.stdout()).toBe(`${hostId} web-1 na\n`);
  const journal = join(folder, "data/journal.json");
  expect(statSync(journal).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, "data")).mode & 0o777).toBe(0o700);
  expect(readFileSync(journal, "utf8")).not.toContain(secret);
});

test("the token may come by standard input", async () => {
  const enrolled = agent(["enroll", "--manager", tls.address], {}, `${token}\n`);
  expect(await enrolled.exited).toBe(0);
  expect(tls.enrolments[0]?.token).toBe(token);
});

test("killed -9 and started again, the host is the same, and says what is missing", async () => {
  const first = run({ WWS_JOIN_TOKEN: token });
  await until("reports", () => reports() >= 3);
  // Written at most once a second: reports that come in a burst are not in it yet.
  await until("the status tells of an acknowledgement", () => {
    return readStatusFile(join(folder, "data"))?.agent?.acknowledgedToMs != null;
  });
  first.child.kill("SIGKILL");
  await first.exited;
  // One that is back within the second has missed no point, and reports no gap.
  const downUntilMs = Date.now() + 2_500;
  await until("some seconds are missed", () => Date.now() > downUntilMs);
  const count = manager.of("hello").length;
  const second = run();
  await until("a second hello", () => manager.of("hello").length > count);
  await until("a gap", () => manager.of("report").some(({ report }) => report.gaps.length > 0));
  const hellos = manager.of("hello").map(({ hello }) => hello);
  expect(hellos.at(-1)?.hostId).toBe(hostId);
  expect(hellos.at(-1)?.spoolId).not.toBe(hellos[0]?.spoolId);
  expect(tls.enrolments.length).toBe(1);
  const gaps = manager.of("report").flatMap(({ report }) => report.gaps);
  expect(gaps.map(({ reason }) => reason)).toEqual(["agent-restarted"]);
  second.child.kill("SIGTERM");
  expect(await second.exited).toBe(0);
});

test("a manager that goes away and comes back misses no report", async () => {
  const running = run({ WWS_JOIN_TOKEN: token });
  await until("reports", () => reports() >= 2);
  const port = Number(tls.address.split(":")[1]);
  await tls.close();
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  tls = await startTlsManager({ authority, manager, enrol: answer, port });
  const before = reports();
  await until("reports again", () => reports() >= before + 4);
  running.child.kill("SIGTERM");
  expect(await running.exited).toBe(0);
  const spool = [...manager.kept.values()].map(({ seq }) => seq).sort((x, y) => x - y);
  expect(spool).toEqual(spool.map((_, index) => index + 1));
  expect(manager.of("report").flatMap(({ report }) => report.gaps)).toEqual([]);
});

test("a second agent on the same folder is refused, and the first goes on", async () => {
  const first = run({ WWS_JOIN_TOKEN: token });
  await until("a report", () => reports() >= 1);
  const second = run();
  expect(await second.exited).toBe(1);
  expect(second.stderr()).toMatch(
    new RegExp(`an agent \\(process ${first.child.pid}\\) runs on .* already`),
  );
  const enrolling = agent(["enroll", "--manager", tls.address], { WWS_JOIN_TOKEN: token });
  expect(await enrolling.exited).toBe(1);
  expect(enrolling.stderr()).toMatch(/stop it first/);
  const before = reports();
  await until("another report", () => reports() > before);
});

test("pending is told with the fingerprint to compare; approved, the host goes on by itself", async () => {
  let approved = false;
  decide = () => (approved ? "issue" : "wait");
  const running = run({ WWS_JOIN_TOKEN: token });
  await until("the notice", () => running.stderr().includes("waits for an operator"));
  const status = agent(["status"]);
  expect(await status.exited).toBe(1);
  const fingerprint = /fingerprint +([0-9a-f]{64})/.exec(status.stdout())?.[1];
  expect(running.stderr()).toContain(fingerprint);
  await until("asked again without a token", () => tls.enrolments.at(-1)?.token === null);
  approved = true;
  await until("a report", () => reports() >= 1);
});

test("a token that was used ends enroll and run with the manager's words and what to do", async () => {
  decide = () => ({
    code: "token-used",
    message: "this token was used before",
    hint: "make a new one",
    retryAfterMs: null,
  });
  const enrolling = agent(["enroll", "--manager", tls.address], { WWS_JOIN_TOKEN: token });
  expect(await enrolling.exited).toBe(1);
  expect(enrolling.stderr()).toContain("this token was used before\n  make a new one");
  const running = run({ WWS_JOIN_TOKEN: token });
  expect(await running.exited).toBe(4);
  expect(running.stderr()).toContain("this token was used before\n  make a new one");
});

test("a manager of another authority is told nothing, and the message says so", async () => {
  const other = createTestAuthority("another");
  const foreign = `wws1.${secret}.${Buffer.from(other.caKeySha256, "hex").toString("base64url")}`;
  const enrolling = agent(["enroll", "--manager", tls.address], { WWS_JOIN_TOKEN: foreign });
  expect(await enrolling.exited).toBe(1);
  expect(enrolling.stderr()).toMatch(/not trusted, nothing was said to it: .*another authority/);
  expect(tls.enrolments).toEqual([]);
});

test("nobody there ends enroll with 8", async () => {
  const enrolling = agent(["enroll", "--manager", "127.0.0.1:1"], { WWS_JOIN_TOKEN: token });
  expect(await enrolling.exited).toBe(8);
  expect(enrolling.stderr()).toMatch(/cannot be reached: 127\.0\.0\.1:1: nobody listens there/);
});

test("a host that was removed stops with 4 and says what to do", async () => {
  const running = run({ WWS_JOIN_TOKEN: token });
  await until("a report", () => reports() >= 1);
  manager.script.refusal = {
    code: "identity-removed",
    message: "this host was removed",
    hint: "enrol it again with a new token",
    retryAfterMs: null,
  };
  tls.cut();
  expect(await running.exited).toBe(4);
  expect(running.stderr()).toMatch(/turned this host away: this host was removed/);
  const status = agent(["status"]);
  expect(await status.exited).toBe(3);
  expect(status.stdout()).toMatch(/enrol it again with a new token/);
});

test("usage, settings and a damaged journal are told in a line, without a stack", async () => {
  const usage = agent(["fly"]);
  expect(await usage.exited).toBe(2);
  expect(usage.stderr()).toMatch(/^wws-agent: there is no command fly/);
  const unenrolled = agent(["run"], { WWS_MANAGER: tls.address });
  expect(await unenrolled.exited).toBe(2);
  expect(unenrolled.stderr()).toMatch(/wws-fleet enroll token/);
  const settings = agent(["run"], { WWS_LOG_LEVEL: "loud" });
  expect(await settings.exited).toBe(2);
  expect(settings.stderr()).toMatch(/WWS_LOG_LEVEL must be one of/);
  writeFileSync(join(folder, "data/journal.json"), "{");
  const damaged = agent(["run"], { WWS_MANAGER: tls.address });
  expect(await damaged.exited).toBe(1);
  expect(damaged.stderr()).toMatch(/journal\.json is damaged/);
  for (const { stderr } of [usage, unenrolled, settings, damaged]) {
    expect(stderr()).not.toMatch(/\n\s+at /);
  }
});
