import { X509Certificate } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { unknownIdentity } from "#proto/messages/state.ts";
import type { HostId, PendingId } from "#proto/vocabulary/ids.ts";
import {
  createIdentityWorld,
  enrolRequest,
  type IdentityWorld,
} from "#test/support/identity-world.ts";
import { positionOf } from "#test/support/inventory-builders.ts";
import { createTestAuthority, createTestPeer, type TestPeer } from "#test/support/test-peers.ts";
import type { EnrolOutcome, HostIdentity } from "./host-identity.ts";

const minuteMs = 60_000;
const place = positionOf("eu/fra2/row-b/rack-07/u12");
let world: IdentityWorld;
let identity: HostIdentity;
let peer: TestPeer;

beforeEach(async () => {
  world = await createIdentityWorld();
  ({ identity } = world);
  peer = createTestPeer();
});

afterEach(() => world.store.close());

/** Enrols and expects a certificate. */
async function issued(
  who: TestPeer,
  token: string | null,
  at: HostIdentity = identity,
): Promise<Extract<EnrolOutcome, { kind: "issued" }>> {
  const outcome = await at.enrol(who.shows(), enrolRequest(token));
  if (!outcome.ok || outcome.value.kind !== "issued")
    throw new Error(`not issued: ${JSON.stringify(outcome)}`);
  return outcome.value;
}

/** Enrols and expects to wait. */
async function waiting(who: TestPeer, token: string | null): Promise<PendingId> {
  const outcome = await identity.enrol(who.shows(), enrolRequest(token));
  if (!outcome.ok || outcome.value.kind !== "pending")
    throw new Error(`not pending: ${JSON.stringify(outcome)}`);
  return outcome.value.pendingId;
}

const refused = (problem: string) => ({ ok: false, problem });
const enrolled = { ok: true, value: { kind: "issued" } };

describe("a token for a host", () => {
  test("makes the host with its name and place, and pins the key that asked", async () => {
    const token = await world.token({ hostName: "web-1", position: place });
    const answer = await issued(peer, token);
    expect(answer).toMatchObject({ hostName: "web-1", generation: 1 });
    expect(answer.chain).toHaveLength(2);
    const leaf = new X509Certificate(answer.chain[0] ?? new Uint8Array());
    expect(leaf.subjectAltName).toBe(`URI:spiffe://test/host/${answer.hostId}`);
    expect(await world.inventory.host(answer.hostId)).toMatchObject({
      name: "web-1",
      position: place,
      phase: "active",
      adopted: false,
      simulated: false,
    });
    expect(await identity.authenticate(peer.shows(answer.chain[0]))).toMatchObject({
      ok: true,
      value: { hostId: answer.hostId, renewedChain: null },
    });
  });

  test("that adopts marks the host as taken in as it stands", async () => {
    const { hostId } = await issued(peer, await world.token({ kind: "adopt", hostName: "here" }));
    expect(await world.inventory.host(hostId)).toMatchObject({ adopted: true, name: "here" });
  });

  test("without a name takes the machine's own, made harmless, and keeps two apart", async () => {
    const identityOf = (hostname: string) => ({ identity: { ...unknownIdentity, hostname } });
    const names: string[] = [];
    for (const hostname of ["DB <1>.Example", "DB <1>.Example", "", "ﷺ"]) {
      const who = createTestPeer();
      const outcome = await identity.enrol(
        who.shows(),
        enrolRequest(await world.token(), identityOf(hostname)),
      );
      if (outcome.ok && outcome.value.kind === "issued") names.push(outcome.value.hostName);
    }
    expect(names[0]).toBe("db-1-.example");
    expect(names[1]).toMatch(/^db-1-.example-[0-9a-f]{6}$/);
    expect(names[2]).toMatch(/^host-[0-9a-f]{6}$/);
    expect(names[3]).toMatch(/^host-[0-9a-f]{6}$/);
  });

  test("is refused to a second key", async () => {
    const token = await world.token();
    await issued(peer, token);
    expect(await identity.enrol(createTestPeer().shows(), enrolRequest(token))).toEqual(
      refused("token-used"),
    );
  });

  test("raced by many keys makes one host", async () => {
    const token = await world.token({ hostName: "web-1" });
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () =>
        identity.enrol(createTestPeer().shows(), enrolRequest(token)),
      ),
    );
    expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(1);
    for (const outcome of outcomes) if (!outcome.ok) expect(outcome.problem).toBe("token-used");
    expect(await world.inventory.hosts()).toHaveLength(1);
  });

  test("asked for again by the same key gives the same host: the answer was lost", async () => {
    const token = await world.token({ hostName: "web-1" });
    const first = await issued(peer, token);
    const again = await issued(peer, token);
    expect(again.hostId).toBe(first.hostId);
    expect(await world.inventory.hosts()).toHaveLength(1);
  });

  test("raced by the same key makes one host", async () => {
    const token = await world.token({ hostName: "web-1" });
    const answers = await Promise.all([1, 2, 3, 4].map(() => issued(peer, token)));
    expect(new Set(answers.map((answer) => answer.hostId)).size).toBe(1);
    expect(await world.inventory.hosts()).toHaveLength(1);
  });

  test("whose name or place somebody else has leads to a person", async () => {
    await issued(peer, await world.token({ hostName: "web-1", position: place }));
    const second = createTestPeer();
    const pendingId = await waiting(second, await world.token({ hostName: "web-1" }));
    const third = createTestPeer();
    await waiting(third, await world.token({ hostName: "web-3", position: place }));
    await identity.approve(pendingId, {
      hostName: "web-2",
      position: null,
      adopt: false,
      approvedBy: "ada",
    });
    expect(await issued(second, null)).toMatchObject({ hostName: "web-2" });
  });
});

describe("a token that is not good", () => {
  test.each([
    ["nonsense", "nonsense"],
    ["an empty text", ""],
    ["a text of 300 bytes", "x".repeat(300)],
    ["another form", "wws2.aaaa.bbbb"],
  ])("because it is %s", async (_, token) => {
    expect(await identity.enrol(peer.shows(), enrolRequest(token))).toEqual(refused("token-wrong"));
  });

  test("because its secret is another", async () => {
    const [head, , tail] = (await world.token()).split(".");
    const forged = `${head}.${"A".repeat(43)}.${tail}`;
    expect(await identity.enrol(peer.shows(), enrolRequest(forged))).toEqual(
      refused("token-wrong"),
    );
  });

  test("because it is another cell's", async () => {
    const [head, secret] = (await world.token()).split(".");
    const other = createTestAuthority(world.clock).keySha256;
    const foreign = `${head}.${secret}.${Buffer.from(other, "hex").toString("base64url")}`;
    expect(await identity.enrol(peer.shows(), enrolRequest(foreign))).toEqual(
      refused("token-wrong"),
    );
  });

  test("because its time is over, and that is said for a week", async () => {
    const token = await world.token({ validMs: 60 * minuteMs });
    await world.clock.advance(60 * minuteMs - 1);
    expect((await identity.listTokens())[0]?.expiresMs).toBe(world.clock.nowUnixMs() + 1);
    await world.clock.advance(1);
    expect(await identity.enrol(peer.shows(), enrolRequest(token))).toEqual(
      refused("token-expired"),
    );
    await world.clock.advance(6 * 24 * 60 * minuteMs);
    await world.token();
    expect(await identity.enrol(peer.shows(), enrolRequest(token))).toEqual(
      refused("token-expired"),
    );
    expect(await world.inventory.hosts()).toEqual([]);
  });

  test("because none was given, and the key does not wait", async () => {
    expect(await identity.enrol(peer.shows(), enrolRequest(null))).toEqual(
      refused("token-missing"),
    );
  });

  test("lives for a day at most, whatever was asked for", async () => {
    await world.token({ validMs: 365 * 24 * 60 * minuteMs });
    expect((await identity.listTokens())[0]?.expiresMs).toBe(
      world.clock.nowUnixMs() + 24 * 60 * minuteMs,
    );
  });
});

describe("a machine that waits", () => {
  const approval = { hostName: "web-1", position: place, adopt: false, approvedBy: "ada" };

  test("is enrolled by an operator with a place, and told when it asks again", async () => {
    const pendingId = await waiting(peer, await world.token({ kind: "pending" }));
    expect(await identity.listPending()).toMatchObject([
      { id: pendingId, fingerprint: peer.fingerprint, address: "192.0.2.1" },
    ]);
    expect(await waiting(peer, null)).toBe(pendingId);
    const approved = await identity.approve(pendingId, approval);
    expect(approved.ok).toBe(true);
    expect(await identity.listPending()).toEqual([]);
    const answer = await issued(peer, null);
    expect(answer).toMatchObject({ hostName: "web-1", hostId: approved.ok && approved.value });
    expect(await world.inventory.host(answer.hostId)).toMatchObject({ position: place });
    expect(world.events.filter((event) => event.kind === "pending-changed")).toHaveLength(2);
  });

  test("is not enrolled under a name or in a place that is taken", async () => {
    await issued(createTestPeer(), await world.token({ hostName: "web-1", position: place }));
    const pendingId = await waiting(peer, await world.token({ kind: "pending" }));
    expect(await identity.approve(pendingId, { ...approval, position: null })).toEqual({
      ok: false,
      problem: { kind: "name-taken", name: "web-1" },
    });
    expect(await identity.approve(pendingId, { ...approval, hostName: "web-2" })).toMatchObject({
      ok: false,
      problem: { kind: "position-taken", by: "web-1" },
    });
    const elsewhere = {
      ...approval,
      hostName: "web-2",
      position: { ...place, region: "na" as const },
    };
    expect(await identity.approve(pendingId, elsewhere)).toMatchObject({
      ok: false,
      problem: { kind: "site-elsewhere", region: "eu" },
    });
    expect(await waiting(peer, null)).toBe(pendingId);
  });

  test("is enrolled once, however often it is approved", async () => {
    const pendingId = await waiting(peer, await world.token({ kind: "pending" }));
    const answers = await Promise.all([1, 2, 3].map(() => identity.approve(pendingId, approval)));
    const ids = answers.flatMap((answer) => (answer.ok ? [answer.value] : []));
    expect(new Set(ids).size).toBe(1);
    expect(await world.inventory.hosts()).toHaveLength(1);
    expect(await identity.approve(pendingId, approval)).toEqual({
      ok: false,
      problem: { kind: "approved-before", name: "web-1" },
    });
  });

  test("approved twice under two names keeps the first, and the second is told so", async () => {
    const pendingId = await waiting(peer, await world.token({ kind: "pending" }));
    const answers = await Promise.all(
      ["web-1", "web-2"].map((hostName) => identity.approve(pendingId, { ...approval, hostName })),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    const [host] = await world.inventory.hosts();
    expect(answers.find(({ ok }) => !ok)).toEqual({
      ok: false,
      problem: { kind: "approved-before", name: host?.name },
    });
    expect(await world.inventory.hosts()).toHaveLength(1);
  });

  test("whose approval broke off after the host was made is completed by the next one", async () => {
    const pendingId = await waiting(peer, await world.token({ kind: "pending" }));
    await world.inventory.addHost({
      id: pendingId as string as HostId,
      name: "web-1",
      phase: "active",
      position: place,
      simulated: false,
      adopted: false,
      watchedOnly: false,
      serial: null,
    });
    expect(await identity.approve(pendingId, approval)).toMatchObject({ ok: true });
    expect(await issued(peer, null)).toMatchObject({ hostName: "web-1" });
  });

  test("costs a batch token one use, however often it asks", async () => {
    const token = await world.token({ kind: "pending", uses: 2 });
    const first = await waiting(peer, token);
    expect(await waiting(peer, token)).toBe(first);
    expect((await identity.listTokens())[0]?.usesLeft).toBe(1);
    await waiting(createTestPeer(), token);
    expect(await identity.enrol(createTestPeer().shows(), enrolRequest(token))).toEqual(
      refused("token-used"),
    );
    expect(await waiting(peer, token)).toBe(first);
  });

  test("is noted when it asks again, with where it asks from", async () => {
    const pendingId = await waiting(peer, await world.token({ kind: "pending" }));
    await world.clock.advance(minuteMs);
    await identity.enrol(peer.shows(undefined, "192.0.2.9"), enrolRequest(null));
    expect(await identity.listPending()).toMatchObject([
      {
        id: pendingId,
        address: "192.0.2.9",
        lastSeenMs: world.clock.nowUnixMs(),
        firstSeenMs: world.clock.nowUnixMs() - minuteMs,
      },
    ]);
  });

  test("and is turned away needs a token that was made after that", async () => {
    const token = await world.token({ kind: "pending", uses: 10 });
    const pendingId = await waiting(peer, token);
    expect(await identity.dismiss(pendingId)).toBe(true);
    expect(await identity.dismiss(pendingId)).toBe(false);
    expect(await identity.enrol(peer.shows(), enrolRequest(null))).toEqual(
      refused("pending-removed"),
    );
    expect(await identity.enrol(peer.shows(), enrolRequest(token))).toEqual(
      refused("pending-removed"),
    );
    await world.clock.advance(1);
    const second = await waiting(peer, await world.token({ kind: "pending" }));
    expect(second).not.toBe(pendingId);
  });

  test("finds no room beside four thousand others, until one of them falls silent", async () => {
    const token = await world.token({ kind: "pending", uses: 2_000 });
    for (let number = 0; number < 4_000; number += 1)
      await world.store.identity.upsertPending({
        id: `pending-${number}` as PendingId,
        fingerprint: String(number).padStart(64, "0") as typeof peer.fingerprint,
        address: "192.0.2.1",
        identity: unknownIdentity,
        simulated: false,
        firstSeenMs: world.clock.nowUnixMs(),
        lastSeenMs: world.clock.nowUnixMs(),
        tokenId: null,
      });
    expect(await identity.enrol(peer.shows(), enrolRequest(token))).toEqual(refused("overloaded"));
    expect((await identity.listTokens())[0]?.usesLeft).toBe(2_000);
    await world.clock.advance(24 * 60 * minuteMs + 1);
    await waiting(peer, await world.token({ kind: "pending" }));
  });
});

describe("a host that was wrongly enrolled", () => {
  test("is let in no more once it is revoked, and its watchers are told", async () => {
    const answer = await issued(peer, await world.token());
    const told: string[] = [];
    const stop = identity.onRevoked((hostId) => told.push(hostId));
    expect(await identity.revoke(answer.hostId)).toBe(true);
    expect(await identity.revoke(answer.hostId)).toBe(false);
    expect(told).toEqual([answer.hostId]);
    stop();
    expect(await identity.authenticate(peer.shows(answer.chain[0]))).toEqual(
      refused("identity-removed"),
    );
    expect(await identity.enrol(peer.shows(), enrolRequest(null))).toEqual(
      refused("identity-removed"),
    );
  });

  test("does not come back with the token it had, and comes back as another host with a new one", async () => {
    const token = await world.token({ hostName: "web-1" });
    const first = await issued(peer, token);
    await identity.revoke(first.hostId);
    await world.inventory.remove(first.hostId);
    expect(await identity.enrol(peer.shows(), enrolRequest(token))).toEqual(
      refused("identity-removed"),
    );
    await world.clock.advance(1);
    const pendingId = await waiting(peer, await world.token({ kind: "pending" }));
    const approved = await identity.approve(pendingId, {
      hostName: "web-1",
      position: null,
      adopt: false,
      approvedBy: "ada",
    });
    expect(approved.ok && approved.value).not.toBe(first.hostId);
    expect(await identity.authenticate(peer.shows(first.chain[0]))).toEqual(
      refused("host-mismatch"),
    );
    expect(await issued(peer, null)).toMatchObject({ hostName: "web-1" });
  });

  test("is let in no more either when only the inventory forgot it", async () => {
    const answer = await issued(peer, await world.token());
    await world.inventory.remove(answer.hostId);
    expect(await identity.authenticate(peer.shows(answer.chain[0]))).toEqual(
      refused("identity-removed"),
    );
  });
});

test("a key that is a host's already is that host, whatever token it brings", async () => {
  const first = await issued(peer, await world.token({ hostName: "web-1" }));
  const other = await world.token({ hostName: "web-2" });
  expect(await identity.enrol(peer.shows(), enrolRequest(other))).toMatchObject(enrolled);
  expect(await world.inventory.hosts()).toHaveLength(1);
  expect(await issued(peer, null)).toMatchObject({ hostId: first.hostId });
});

test("nothing of it depends on the clock of the machine", async () => {
  for (const wallMs of [-1e12, 0, 9e12]) {
    const outcome = await identity.enrol(
      createTestPeer().shows(),
      enrolRequest(await world.token(), { wallMs: wallMs as never }),
    );
    expect(outcome).toMatchObject(enrolled);
  }
});

test("lists show no secret, and the log holds neither tokens nor keys", async () => {
  const canaries: string[] = [peer.privateKeyPem.slice(60, 120)];
  for (const kind of ["host", "pending", "adopt"] as const) {
    const token = await world.token({ kind });
    canaries.push(token, token.split(".")[1] ?? "");
    await identity.enrol(createTestPeer().shows(), enrolRequest(token));
    await identity.enrol(createTestPeer().shows(), enrolRequest(token));
    await identity.enrol(peer.shows(), enrolRequest(`${token}x`));
  }
  const shown = [
    JSON.stringify(await identity.listTokens()),
    JSON.stringify(await identity.listPending()),
    JSON.stringify(world.events),
    ...world.log.lines,
  ];
  expect(world.log.lines.some((line) => line.includes("enrolment token made"))).toBe(true);
  for (const canary of canaries) {
    expect(canary.length).toBeGreaterThan(40);
    for (const text of shown) expect(text).not.toContain(canary);
  }
  expect(shown[0]).not.toContain("secretSha256");
});
