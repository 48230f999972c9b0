import { createPrivateKey, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { createServer, connect, type TLSSocket } from "node:tls";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import type { CellId } from "#proto/vocabulary/ids.ts";
import { hostIdOf } from "#test/support/inventory-builders.ts";
import {
  chainPem,
  createTestAuthority,
  createTestPeer,
  memoryAuthorityFile,
  newKeyPem,
} from "#test/support/test-peers.ts";
import { createVirtualClock, virtualStartMs } from "#test/support/virtual-clock.ts";
import { noExpiryMs } from "#proto/certificate/write-certificate.ts";

const clock = createVirtualClock();
const hostId = hostIdOf(1);
const dayMs = 86_400_000;

const leafOf = (chain: readonly Uint8Array[]): X509Certificate =>
  new X509Certificate(chain[0] ?? new Uint8Array());

describe("the authority", () => {
  test("is the same after a restart, and another where nothing was kept", () => {
    const file = memoryAuthorityFile();
    const first = createTestAuthority(clock, { file });
    const again = createTestAuthority(clock, { file });
    expect(again.keySha256).toBe(first.keySha256);
    expect(again.certificatePem).toBe(first.certificatePem);
    expect(createTestAuthority(clock).keySha256).not.toBe(first.keySha256);
  });

  test("has no dates that a wild clock could be outside of, and may not make further authorities", () => {
    const certificate = new X509Certificate(createTestAuthority(clock).certificatePem);
    expect(certificate.validFromDate.getTime()).toBe(0);
    expect(certificate.validToDate.getTime()).toBe(noExpiryMs);
    expect(certificate.ca).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.serialNumber).toMatch(/^[0-7]/);
  });

  test("refuses a file that was damaged, mixed up, or made for another cell", () => {
    const file = memoryAuthorityFile();
    createTestAuthority(clock, { file });
    const kept = file.read();
    if (kept === null) throw new Error("nothing was kept");
    const broken = { ...file, read: () => ({ ...kept, certificatePem: "nonsense" }) };
    expect(() => createTestAuthority(clock, { file: broken })).toThrow(/cannot be understood/);
    const mixed = { ...file, read: () => ({ ...kept, privateKeyPem: newKeyPem() }) };
    expect(() => createTestAuthority(clock, { file: mixed })).toThrow(/do not belong together/);
    const cell = "tokyo" as CellId;
    expect(() => createTestAuthority(clock, { file, cell })).toThrow(/cell test.*cell tokyo/);
  });
});

describe("a host's certificate", () => {
  const ca = createTestAuthority(clock);
  const peer = createTestPeer();
  const leaf = leafOf(ca.issueHost(hostId, peer.spki));

  test("carries the key that was given, the cell and the host, and nothing that the peer said", () => {
    expect(leaf.checkPrivateKey(createPrivateKey(peer.privateKeyPem))).toBe(true);
    expect(leaf.subject).toBe(`CN=${hostId}`);
    expect(leaf.subjectAltName).toBe(`URI:spiffe://test/host/${hostId}`);
    expect(leaf.keyUsage).toEqual(["1.3.6.1.5.5.7.3.2"]);
    expect(leaf.ca).toBe(false);
  });

  test("lives for a year from now", () => {
    expect(leaf.validFromDate.getTime()).toBe(virtualStartMs - 3_600_000);
    expect(leaf.validToDate.getTime()).toBe(virtualStartMs + 365 * dayMs);
  });

  test("is this authority's and no other's, whatever its issuer calls itself", () => {
    const namesake = createTestAuthority(clock);
    const forged = leafOf(namesake.issueHost(hostId, peer.spki));
    expect(forged.issuer).toBe(leaf.issuer);
    expect(ca.hasIssued(leaf)).toBe(true);
    expect(ca.hasIssued(forged)).toBe(false);
    expect(namesake.hasIssued(leaf)).toBe(false);
    expect(ca.hasIssued(new X509Certificate(peer.selfSignedDer))).toBe(false);
  });

  test("names one host of one cell", () => {
    expect(ca.names(leaf, hostId)).toBe(true);
    expect(ca.names(leaf, hostIdOf(2))).toBe(false);
    const elsewhere = createTestAuthority(clock, { cell: "tokyo" as CellId });
    expect(elsewhere.names(leaf, hostId)).toBe(false);
  });

  test.each([
    ["new", 0, false],
    ["at seven months", 215 * dayMs, false],
    ["at nine months", 270 * dayMs, true],
    ["two years later", 730 * dayMs, true],
    ["when the manager's clock falls back by 30 years", -30 * 365 * dayMs, true],
    ["when the manager's clock falls back by an hour", -3_600_000, false],
  ])("wants renewal %s: %s", (_, laterMs, expected) => {
    const then = clock.hostClock({ wallOffsetMs: laterMs });
    expect(createTestAuthority(then).wantsRenewal(leaf)).toBe(expected);
  });

  test("can be issued by a manager that believes it is before 1970", () => {
    const early = clock.hostClock({ wallOffsetMs: -virtualStartMs - dayMs });
    const chain = createTestAuthority(early).issueHost(hostId, peer.spki);
    expect(leafOf(chain).validFromDate.getTime()).toBe(0);
  });
});

test("OpenSSL accepts the chain, both ways, in a TLS 1.3 handshake by any of the listener's names", async () => {
  const ca = createTestAuthority(clock);
  const listener = ca.issueListener(newKeyPem(), ["manager.example", "192.0.2.7", "2001:db8::7"]);
  const peer = createTestPeer();
  const server = createServer({
    key: listener.privateKeyPem,
    cert: listener.certificateChainPem,
    ca: listener.caPem,
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: "TLSv1.3",
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  for (const servername of ["wws-fleet-gateway", "localhost", "manager.example"]) {
    const accepted = once(server, "secureConnection") as Promise<[TLSSocket]>;
    const socket = connect({
      host: "127.0.0.1",
      port,
      servername,
      ca: listener.caPem,
      key: peer.privateKeyPem,
      cert: chainPem(ca.issueHost(hostId, peer.spki)),
    });
    await once(socket, "secureConnect");
    const [serverSide] = await accepted;
    expect(socket.authorized).toBe(true);
    expect(serverSide.authorized).toBe(true);
    expect(serverSide.getPeerX509Certificate()?.subject).toBe(`CN=${hostId}`);
    socket.destroy();
    serverSide.destroy();
  }
  server.close();
  const leaf = new X509Certificate(listener.certificateChainPem);
  expect(leaf.checkIP("192.0.2.7")).toBe("192.0.2.7");
  expect(leaf.checkIP("2001:db8::7")).toBe("2001:db8::7");
  expect(leaf.checkIP("127.0.0.1")).toBe("127.0.0.1");
  expect(leaf.checkHost("other.example")).toBeUndefined();
  expect(leaf.validFromDate.getTime()).toBe(0);
  expect(leaf.validToDate.getTime()).toBe(noExpiryMs);
  expect(leaf.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
});
