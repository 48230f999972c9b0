import { createPrivateKey, generateKeyPairSync, X509Certificate } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { spkiOf, spkiSha256, writeCertificate } from "#proto/certificate/write-certificate.ts";
import type { CellId, HostId, KeyFingerprint } from "#proto/vocabulary/ids.ts";
import {
  createIdentityWorld,
  enrolRequest,
  type IdentityWorld,
} from "#test/support/identity-world.ts";
import { hostIdOf } from "#test/support/inventory-builders.ts";
import { createTestAuthority, createTestPeer, type TestPeer } from "#test/support/test-peers.ts";

const dayMs = 86_400_000;
let world: IdentityWorld;
let peer: TestPeer;
let hostId: HostId;
let certificate: Uint8Array;

beforeEach(async () => {
  world = await createIdentityWorld();
  peer = createTestPeer();
  const outcome = await world.identity.enrol(peer.shows(), enrolRequest(await world.token()));
  if (!outcome.ok || outcome.value.kind !== "issued") throw new Error("not issued");
  hostId = outcome.value.hostId;
  certificate = outcome.value.chain[0] ?? new Uint8Array();
});

afterEach(() => world.store.close());

const refused = (problem: string) => ({ ok: false, problem });

test("the pinned key with the certificate it was given is the host", async () => {
  expect(await world.identity.authenticate(peer.shows(certificate))).toEqual({
    ok: true,
    value: { hostId, generation: 1, renewedChain: null },
  });
});

test("no certificate, or bytes that are none, are refused", async () => {
  expect(await world.identity.authenticate(peer.shows(new Uint8Array()))).toEqual(
    refused("certificate-missing"),
  );
  expect(await world.identity.authenticate(peer.shows(new Uint8Array(500).fill(48)))).toEqual(
    refused("certificate-foreign"),
  );
});

test("a self-signed certificate over the pinned key is refused", async () => {
  expect(await world.identity.authenticate(peer.shows())).toEqual(refused("certificate-foreign"));
});

test("a certificate of another authority is refused, also one of the same name over the pinned key", async () => {
  const namesake = createTestAuthority(world.clock);
  const [forged] = namesake.issueHost(hostId, peer.spki);
  expect(await world.identity.authenticate(peer.shows(forged))).toEqual(
    refused("certificate-foreign"),
  );
  const stranger = createTestPeer();
  const elsewhere = createTestAuthority(world.clock, { cell: "tokyo" as CellId });
  const [foreign] = elsewhere.issueHost(hostId, stranger.spki);
  expect(await world.identity.authenticate(stranger.shows(foreign))).toEqual(
    refused("certificate-foreign"),
  );
});

test("a certificate of ours that names another host is refused", async () => {
  const [other] = world.ca.issueHost(hostIdOf(2), peer.spki);
  expect(await world.identity.authenticate(peer.shows(other))).toEqual(refused("host-mismatch"));
});

test("a certificate of ours over a key that was never pinned is refused", async () => {
  const stranger = createTestPeer();
  const [other] = world.ca.issueHost(hostId, stranger.spki);
  expect(await world.identity.authenticate(stranger.shows(other))).toEqual(refused("not-enrolled"));
});

test("a fingerprint that is not the certificate's is refused", async () => {
  const stranger = createTestPeer();
  const lying = { ...stranger.shows(), certificate };
  expect(await world.identity.authenticate(lying)).toEqual(refused("certificate-foreign"));
});

test("a key of another kind than P-256 is refused, at both doors", async () => {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  const spki = spkiOf(createPrivateKey(privateKey));
  const [issued] = world.ca.issueHost(hostId, spki);
  const rsa = {
    certificate: issued ?? new Uint8Array(),
    fingerprint: spkiSha256(spki) as KeyFingerprint,
    address: "192.0.2.1",
  };
  expect(await world.identity.authenticate(rsa)).toEqual(refused("certificate-foreign"));
  expect(await world.identity.enrol(rsa, enrolRequest(await world.token()))).toEqual(
    refused("certificate-foreign"),
  );
});

test("two thirds through its year, or long after, it comes in and gets a fresh certificate", async () => {
  await world.clock.advance(240 * dayMs);
  expect(await world.identity.authenticate(peer.shows(certificate))).toMatchObject({
    value: { renewedChain: null },
  });
  for (const laterMs of [10 * dayMs, 3 * 365 * dayMs]) {
    await world.clock.advance(laterMs);
    const answer = await world.identity.authenticate(peer.shows(certificate));
    if (!answer.ok || answer.value.renewedChain === null) throw new Error("not renewed");
    const [leaf = new Uint8Array(), ca] = answer.value.renewedChain;
    const fresh = new X509Certificate(leaf);
    expect(fresh.validToDate.getTime()).toBe(world.clock.nowUnixMs() + 365 * dayMs);
    expect(new X509Certificate(ca ?? new Uint8Array()).toString()).toBe(world.ca.certificatePem);
    expect(await world.identity.authenticate(peer.shows(leaf))).toEqual({
      ok: true,
      value: { hostId, generation: 1, renewedChain: null },
    });
  }
});

test("a manager whose clock fell back by 30 years lets its hosts in and dates them anew", async () => {
  const then = world.clock.hostClock({ wallOffsetMs: -30 * 365 * dayMs });
  const answer = await world.restarted(then).authenticate(peer.shows(certificate));
  expect(answer).toMatchObject({ ok: true, value: { hostId } });
});

test("a forged signature is refused", async () => {
  const forged = Uint8Array.from(certificate);
  const last = forged.length - 1;
  forged[last] = (forged[last] ?? 0) ^ 1;
  expect(await world.identity.authenticate(peer.shows(forged))).toEqual(
    refused("certificate-foreign"),
  );
});

test("a host cannot sign for another, although its own certificate is ours", async () => {
  const stranger = createTestPeer();
  const minted = writeCertificate(
    {
      serial: Uint8Array.of(5),
      issuer: hostId,
      subject: hostIdOf(2),
      notBeforeMs: 0,
      notAfterMs: 4e12,
      publicKey: stranger.spki,
      use: { kind: "host", uri: `spiffe://test/host/${hostIdOf(2)}` },
    },
    createPrivateKey(peer.privateKeyPem),
  );
  expect(await world.identity.authenticate(stranger.shows(minted))).toEqual(
    refused("certificate-foreign"),
  );
});
