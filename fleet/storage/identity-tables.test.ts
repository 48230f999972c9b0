import { beforeEach, expect, test } from "vitest";
import type { PendingView } from "#fleet/identity/host-identity.ts";
import type { PinnedKey, StoredSecret, StoredToken } from "#fleet/identity/identity-store.ts";
import { unknownIdentity } from "#proto/messages/state.ts";
import type { KeyFingerprint, PendingId } from "#proto/vocabulary/ids.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { describeBothEngines } from "#test/support/control-stores.ts";
import { hostIdOf, hostRecord, positionOf } from "#test/support/inventory-builders.ts";
import type { ControlStore } from "./control-store.ts";

const keyOf = (number: number) => String(number).padStart(64, "0") as KeyFingerprint;

const pinned = (number: number, facts: Partial<PinnedKey> = {}): PinnedKey => ({
  fingerprint: keyOf(number),
  hostId: hostIdOf(number),
  generation: 1,
  pinnedMs: unixMs(1_000),
  ...facts,
});

const token = (number: number, facts: Partial<StoredToken> = {}): StoredToken => ({
  id: `token-${number}`,
  kind: "host",
  secretSha256: `secret-${number}`,
  hostId: hostIdOf(number),
  hostName: null,
  position: null,
  usesLeft: 1,
  usedBy: null,
  site: null,
  adopts: false,
  rule: null,
  expiresMs: unixMs(9_000),
  createdMs: unixMs(1_000),
  createdBy: "ada",
  ...facts,
});

const pending = (number: number, facts: Partial<PendingView> = {}): PendingView => ({
  id: `pending-${number}` as PendingId,
  fingerprint: keyOf(number),
  address: "192.0.2.1",
  identity: { ...unknownIdentity, hostname: `machine-${number}` },
  simulated: false,
  firstSeenMs: unixMs(1_000),
  lastSeenMs: unixMs(1_000),
  tokenId: null,
  ...facts,
});

const secret = (number: number, facts: Partial<StoredSecret> = {}): StoredSecret => ({
  secretSha256: `secret-${number}`,
  kind: "session",
  name: "ada",
  createdMs: unixMs(1_000),
  expiresMs: unixMs(9_000),
  lastUsedMs: unixMs(1_000),
  owner: null,
  grants: null,
  ...facts,
});

describeBothEngines("the identity's store", (bench) => {
  let control: ControlStore;

  beforeEach(async () => {
    control = await bench.open();
    for (const number of [1, 2]) await control.inventory.insertHost(hostRecord(number));
  });

  test("a pinned key is found, and stays with the host that had it first", async () => {
    const { identity } = control;
    expect(await identity.findPinnedKey(keyOf(1))).toBeUndefined();
    expect(await identity.pinKey(pinned(1))).toEqual(pinned(1));
    expect(await identity.findPinnedKey(keyOf(1))).toEqual(pinned(1));
    expect(await identity.pinKey(pinned(1, { hostId: hostIdOf(2) }))).toEqual(pinned(1));
    expect(await identity.findPinnedKey(keyOf(1))).toEqual(pinned(1));
  });

  test("a key is pinned only to a host of the inventory", async () => {
    await expect(control.identity.pinKey(pinned(7))).rejects.toMatchObject({
      code: "STORE_FAILED",
    });
    expect(await control.identity.findPinnedKey(keyOf(7))).toBeUndefined();
  });

  test("pinning ends waiting and being turned away", async () => {
    const { identity } = control;
    await identity.upsertPending(pending(1));
    await identity.dismissPending(pending(1).id, unixMs(2_000));
    await identity.upsertPending(pending(2));
    await identity.pinKey(pinned(1));
    await identity.pinKey(pinned(2));
    expect(await identity.listPending()).toEqual([]);
    expect(await identity.findTurnedAway(keyOf(1))).toBeUndefined();
  });

  test("unpinning takes all keys of a host and keeps them as revoked", async () => {
    const { identity } = control;
    await identity.pinKey(pinned(1));
    await identity.pinKey(pinned(3, { hostId: hostIdOf(1) }));
    await identity.pinKey(pinned(2));
    expect(await identity.unpinHost(hostIdOf(1), unixMs(5_000))).toBe(2);
    expect(await identity.unpinHost(hostIdOf(1), unixMs(6_000))).toBe(0);
    expect(await identity.findPinnedKey(keyOf(1))).toBeUndefined();
    for (const number of [1, 3])
      expect(await identity.findTurnedAway(keyOf(number))).toEqual({
        why: "revoked",
        sinceMs: 5_000,
      });
    await identity.upsertPending(pending(4));
    await identity.dismissPending(pending(4).id, unixMs(7_000));
    expect(await identity.listRevokedKeys()).toEqual(new Set([keyOf(1), keyOf(3)]));
    await identity.pinKey(pinned(3, { hostId: hostIdOf(1) }));
    expect(await identity.listRevokedKeys()).toEqual(new Set([keyOf(1)]));
    expect(await identity.findPinnedKey(keyOf(2))).toEqual(pinned(2));
    expect(await identity.findTurnedAway(keyOf(2))).toBeUndefined();
  });

  test("a host that is removed takes its keys along", async () => {
    await control.identity.pinKey(pinned(1));
    expect(await control.inventory.removeHost(hostIdOf(1))).toBe("removed");
    expect(await control.identity.findPinnedKey(keyOf(1))).toBeUndefined();
    expect(await control.identity.findTurnedAway(keyOf(1))).toMatchObject({ why: "revoked" });
  });

  test("a token comes back as it was, found by its hash", async () => {
    const { identity } = control;
    const full = token(1, {
      kind: "adopt",
      hostName: "web-1",
      position: positionOf("eu/fra2/row-b/rack-07/u02"),
      usedBy: keyOf(9),
    });
    await identity.insertToken(full);
    await identity.insertToken(full);
    await identity.insertToken(token(2, { createdMs: unixMs(500) }));
    expect(await identity.findToken("secret-1")).toEqual(full);
    expect(await identity.findToken("secret-3")).toBeUndefined();
    expect(await identity.listTokens()).toEqual([token(2, { createdMs: unixMs(500) }), full]);
  });

  test("of many keys that use a one-use token at once, one does", async () => {
    const { identity } = control;
    await identity.insertToken(token(1));
    const used = await Promise.all(
      [1, 2, 3, 4, 5, 6].map((number) => identity.takeTokenUse("token-1", 1, keyOf(number))),
    );
    const winners = used.flatMap((won, index) => (won ? [keyOf(index + 1)] : []));
    expect(winners).toHaveLength(1);
    expect(await identity.findToken("secret-1")).toMatchObject({ usesLeft: 0, usedBy: winners[0] });
    expect(await identity.takeTokenUse("token-1", 0, keyOf(1))).toBe(false);
    expect(await identity.takeTokenUse("token-9", 1, keyOf(1))).toBe(false);
  });

  test("a use whose answer was lost counts once for its key", async () => {
    const { identity } = control;
    await identity.insertToken(token(1, { usesLeft: 3 }));
    expect(await identity.takeTokenUse("token-1", 3, keyOf(1))).toBe(true);
    expect(await identity.takeTokenUse("token-1", 3, keyOf(1))).toBe(true);
    expect(await identity.takeTokenUse("token-1", 3, keyOf(2))).toBe(false);
    expect(await identity.findToken("secret-1")).toMatchObject({ usesLeft: 2 });
  });

  test("a machine waits once, however often it asks", async () => {
    const { identity } = control;
    await identity.upsertPending(pending(1));
    await identity.upsertPending(
      pending(1, {
        id: "pending-9" as PendingId,
        address: "192.0.2.9",
        firstSeenMs: unixMs(3_000),
        lastSeenMs: unixMs(3_000),
      }),
    );
    const now = pending(1, { address: "192.0.2.9", lastSeenMs: unixMs(3_000) });
    expect(await identity.findPending(now.id)).toEqual(now);
    expect(await identity.findPendingByKey(keyOf(1))).toEqual(now);
    expect(await identity.listPending()).toEqual([now]);
    expect(await identity.countPending()).toBe(1);
    expect(await identity.findPending("pending-9" as PendingId)).toBeUndefined();
  });

  test("a machine that is turned away is remembered until it waits again", async () => {
    const { identity } = control;
    await identity.upsertPending(pending(1));
    expect(await identity.dismissPending(pending(1).id, unixMs(2_000))).toBe(true);
    expect(await identity.dismissPending(pending(1).id, unixMs(2_000))).toBe(false);
    expect(await identity.findPendingByKey(keyOf(1))).toBeUndefined();
    expect(await identity.findTurnedAway(keyOf(1))).toEqual({ why: "dismissed", sinceMs: 2_000 });
    await identity.upsertPending(pending(1));
    expect(await identity.findTurnedAway(keyOf(1))).toBeUndefined();
  });

  test("machines that fell silent are forgotten, not turned away", async () => {
    const { identity } = control;
    await identity.upsertPending(pending(1));
    await identity.upsertPending(pending(2, { lastSeenMs: unixMs(5_000) }));
    expect(await identity.removeSilentPending(unixMs(5_000))).toBe(1);
    expect((await identity.listPending()).map(({ id }) => id)).toEqual(["pending-2"]);
    expect(await identity.findTurnedAway(keyOf(1))).toBeUndefined();
  });

  test("a secret is found, touched, and taken once by its kind", async () => {
    const { identity } = control;
    await identity.insertSecret(secret(1, { kind: "signin-link" }));
    expect(await identity.findSecret("secret-1")).toEqual(secret(1, { kind: "signin-link" }));
    await identity.touchSecret("secret-1", unixMs(4_000));
    expect(await identity.findSecret("secret-1")).toMatchObject({ lastUsedMs: 4_000 });
    expect(await identity.takeSecret("secret-1", "session")).toBeUndefined();
    const taken = await Promise.all(
      [1, 2, 3, 4].map(() => identity.takeSecret("secret-1", "signin-link")),
    );
    expect(taken.filter((one) => one !== undefined)).toEqual([
      secret(1, { kind: "signin-link", lastUsedMs: unixMs(4_000) }),
    ]);
    expect(await identity.findSecret("secret-1")).toBeUndefined();
  });

  test("what is over goes, the rest stays", async () => {
    const { identity } = control;
    await identity.insertSecret(secret(1, { expiresMs: unixMs(2_000) }));
    await identity.insertSecret(secret(2, { expiresMs: unixMs(2_001) }));
    await identity.insertToken(token(1, { expiresMs: unixMs(1_000) }));
    await identity.insertToken(token(2, { expiresMs: unixMs(1_001) }));
    expect(
      await identity.removeExpired({ secretsMs: unixMs(2_000), tokensMs: unixMs(1_000) }),
    ).toBe(2);
    expect(await identity.findSecret("secret-1")).toBeUndefined();
    expect(await identity.findSecret("secret-2")).toBeDefined();
    expect((await identity.listTokens()).map(({ id }) => id)).toEqual(["token-2"]);
  });
});
