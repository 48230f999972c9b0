import { expect, test } from "vitest";
import { decodeAgentFrame } from "#proto/codec/agent-frames.ts";
import { encodeManagerFrame } from "#proto/codec/manager-frames.ts";
import type { EnrolRequest, ManagerMessage, Refusal } from "#proto/messages/frames.ts";
import { type Component, unknownIdentity, unknownComponent } from "#proto/messages/state.ts";
import type { CellId, PendingId } from "#proto/vocabulary/ids.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { wireLimits } from "#proto/vocabulary/wire-limits.ts";
import { createMemoryNetwork } from "#test/support/memory-link.ts";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { createMemoryJournal, testBootId, testHostId } from "#test/support/test-agent.ts";
import { createTestAuthority, type TestAuthority } from "#test/support/test-authority.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { type EnrolEnd, type EnrolParts, enrolHost, type PendingNotice } from "./enrol.ts";
import { fingerprintOf } from "./host-key.ts";
import { parseJoinToken } from "./join-token.ts";

/** How a manager's enrolment door answers; asked once for each connection. */
type Door = (request: EnrolRequest, privateKeyPem: string) => ManagerMessage | null;

function createBed(door: Door, authority: TestAuthority = createTestAuthority()) {
  const clock = createVirtualClock();
  const random = createSeededRandom(5);
  const network = createMemoryNetwork({ clock, random: random.fork("network") });
  const requests: EnrolRequest[] = [];
  const keys: string[] = [];
  const frameSizes: number[] = [];
  network.listen((peer) => ({
    onMessage(bytes) {
      frameSizes.push(bytes.byteLength);
      const decoded = decodeAgentFrame(bytes, { bytesMax: wireLimits.enrolmentBytesMax });
      if (!decoded.ok || decoded.value.kind !== "enrol") throw new Error(JSON.stringify(decoded));
      requests.push(decoded.value.enrol);
      const { privateKeyPem } = peer.target.credentials;
      keys.push(fingerprintOf(privateKeyPem));
      const answer = door(decoded.value.enrol, privateKeyPem);
      if (answer === null) return;
      peer.send(encodeManagerFrame(answer));
      peer.close(1000, "");
    },
    onClose() {},
  }));
  const hash = Buffer.from(authority.caKeySha256, "hex").toString("base64url");
  const parsed = parseJoinToken(`wws1.${"A".repeat(43)}.${hash}`);
  if (!parsed.ok) throw new Error(parsed.problem);
  const journal = createMemoryJournal(null);
  const notices: PendingNotice[] = [];
  const abort = new AbortController();
  const start = (given: Partial<EnrolParts> = {}): Promise<EnrolEnd> =>
    enrolHost({
      transport: network.transport("host"),
      journal,
      clock,
      random: random.fork("agent"),
      log: silentLog,
      manager: "fleet.example:7601",
      token: parsed.value,
      release: "0.1.0-test",
      simulated: false,
      identity: { ...unknownIdentity, hostname: "web-1" },
      bootId: testBootId,
      attemptsMax: 3,
      signal: abort.signal,
      onPending: (notice) => notices.push(notice),
      ...given,
    });
  return { clock, network, journal, requests, keys, frameSizes, notices, abort, start, authority };
}

const issued = (authority: TestAuthority, privateKeyPem: string): ManagerMessage => ({
  kind: "enrol",
  enrol: {
    kind: "issued",
    hostId: testHostId,
    hostName: "web-1",
    cell: "na" as CellId,
    generation: 1,
    certificateChain: authority.issueHost("spiffe://na/host/1", privateKeyPem).chainDer,
    managerMs: unixMs(1_700_000_000_000),
  },
});

const pending = (retryAfterMs: number): ManagerMessage => ({
  kind: "enrol",
  enrol: {
    kind: "pending",
    pendingId: "01930000-0000-7000-8000-0000000000aa" as PendingId,
    fingerprint: fingerprintOf(createTestAuthority().issueHost("x").privateKeyPem),
    retryAfterMs,
    managerMs: unixMs(1_700_000_000_000),
  },
});

const refused = (code: Refusal["code"], retryAfterMs: number | null): ManagerMessage => ({
  kind: "refusal",
  refusal: { code, message: `it says ${code}`, hint: "do this", retryAfterMs },
});

test("a good token makes a host: key, certificate and authority are in the journal", async () => {
  const bed = createBed((_request, key) => issued(bed.authority, key));
  const ending = bed.start();
  await bed.clock.advance(1_000);
  const end = await ending;
  expect(end.kind).toBe("enrolled");
  expect(bed.requests.length).toBe(1);
  expect(bed.requests[0]).toMatchObject({ identity: { hostname: "web-1" }, simulated: false });
  const facts = bed.journal.read();
  expect(facts?.identity).toMatchObject({
    hostId: testHostId,
    cell: "na",
    caPem: bed.authority.caPem,
  });
  expect(facts?.manager).toBe("fleet.example:7601");
  expect(fingerprintOf(facts?.privateKeyPem ?? "")).toBe(bed.keys[0]);
});

test("waiting in pending: the token is shown once, the fingerprint told once, the key stays", async () => {
  let approved = false;
  const bed = createBed((_request, key) =>
    approved ? issued(bed.authority, key) : pending(10_000),
  );
  const ending = bed.start();
  await bed.clock.advance(65_000);
  expect(bed.requests.length).toBeGreaterThanOrEqual(6);
  expect(bed.requests.map(({ token }) => token === null)).toEqual(
    bed.requests.map((_, index) => index > 0),
  );
  expect(new Set(bed.keys).size).toBe(1);
  expect(bed.notices.length).toBe(1);
  expect(bed.notices[0]?.fingerprint).toBe(bed.keys[0]);
  approved = true;
  await bed.clock.advance(20_000);
  expect((await ending).kind).toBe("enrolled");
});

test("interrupted in pending and run again without a token, the same key goes on waiting", async () => {
  let approved = false;
  const bed = createBed((_request, key) =>
    approved ? issued(bed.authority, key) : pending(10_000),
  );
  const first = bed.start();
  await bed.clock.advance(5_000);
  bed.abort.abort();
  await bed.clock.advance(1_000);
  expect(await first).toEqual({ kind: "interrupted" });
  approved = true;
  const second = bed.start({ token: null, signal: new AbortController().signal });
  await bed.clock.advance(5_000);
  expect((await second).kind).toBe("enrolled");
  expect(bed.requests.at(-1)?.token).toBeNull();
  expect(new Set(bed.keys).size).toBe(1);
});

test.each([
  "token-wrong",
  "token-used",
  "token-expired",
  "token-missing",
  "pending-removed",
] as const)("%s ends it, with the manager's words and hint, after one question", async (code) => {
  const bed = createBed(() => refused(code, null));
  const ending = bed.start();
  await bed.clock.advance(60_000);
  expect(await ending).toMatchObject({ kind: "refused", refusal: { code, hint: "do this" } });
  expect(bed.requests.length).toBe(1);
  expect(bed.journal.read()?.identity).toBeNull();
});

test("a manager that is busy is asked again with the same token, no sooner than it said", async () => {
  let turns = 0;
  const bed = createBed((_request, key) => {
    turns += 1;
    return turns < 3 ? refused("overloaded", 5_000) : issued(bed.authority, key);
  });
  const ending = bed.start();
  await bed.clock.advance(4_900);
  expect(turns).toBe(1);
  await bed.clock.advance(30_000);
  expect((await ending).kind).toBe("enrolled");
  expect(bed.requests.every(({ token }) => token !== null)).toBe(true);
});

test("a lost answer is no lost host: the same key shows the same token again", async () => {
  let turns = 0;
  const bed = createBed((_request, key) => {
    turns += 1;
    if (turns > 1) return issued(bed.authority, key);
    bed.network.cut();
    return null;
  });
  const ending = bed.start();
  await bed.clock.advance(60_000);
  expect((await ending).kind).toBe("enrolled");
  expect(new Set(bed.keys).size).toBe(1);
  expect(bed.requests[1]?.token).toBe(bed.requests[0]?.token);
});

test("where nobody answers it gives up after the attempts it was given", async () => {
  const bed = createBed(() => null);
  bed.network.listen(null);
  const ending = bed.start();
  await bed.clock.advance(60_000);
  expect(await ending).toEqual({ kind: "unreachable", detail: "connection refused" });
  expect(bed.requests).toEqual([]);
});

test("a chain that ends in another authority than the token's is not kept", async () => {
  const other = createTestAuthority();
  const bed = createBed((_request, key) => issued(other, key));
  const ending = bed.start();
  await bed.clock.advance(1_000);
  expect(await ending).toMatchObject({ kind: "untrusted" });
  expect(bed.journal.read()?.identity).toBeNull();
});

test("a certificate for another key is not kept", async () => {
  const bed = createBed(() =>
    issued(bed.authority, createTestAuthority().issueHost("y").privateKeyPem),
  );
  const ending = bed.start();
  await bed.clock.advance(1_000);
  expect(await ending).toMatchObject({
    kind: "untrusted",
    detail: "the certificate is for another key than this host's",
  });
  expect(bed.journal.read()?.identity).toBeNull();
});

test("without a token and without a place in pending nobody is asked", async () => {
  const bed = createBed(() => null);
  expect(await bed.start({ token: null })).toEqual({ kind: "no-token" });
  expect(bed.journal.writes).toEqual([]);
});

test("a machine with thousands of parts asks within the limit of an unauthenticated message", async () => {
  const part: Component = {
    ...unknownComponent,
    kind: "disk",
    slot: "s",
    vendor: "v".repeat(100),
    model: "m".repeat(100),
    serial: "n".repeat(100),
    firmware: null,
    sizeBytes: 1,
    speedBitsPerSecond: null,
    address: null,
    interface: null,
    rotational: null,
  };
  const bed = createBed((_request, key) => issued(bed.authority, key));
  const components = Array.from({ length: 4_000 }, () => part);
  const ending = bed.start({ identity: { ...unknownIdentity, components } });
  await bed.clock.advance(1_000);
  expect((await ending).kind).toBe("enrolled");
  expect(bed.frameSizes[0]).toBeLessThanOrEqual(wireLimits.enrolmentBytesMax);
  expect(bed.requests[0]?.identity.components.length).toBeGreaterThan(50);
});
