import { createPrivateKey, createPublicKey } from "node:crypto";
import type { ReimageToken, TokenDisk } from "#proto/messages/reimage-token.ts";
import type { TokenKey } from "#proto/token/sign-token.ts";
import type { CellId, HostId, OperationId, PlanId } from "#proto/vocabulary/ids.ts";
import { type Bytes, unixMs } from "#proto/vocabulary/units.ts";

export const sampleTokenMs = unixMs(1_790_000_000_000);

export const sampleTokenDisk: TokenDisk = {
  serial: "S3X1NX0K900001",
  wwn: "eui.0025385b81b00001",
  model: "SAMSUNG MZQLB1T9HAJR-00007",
  sizeBytes: 1_920_383_410_176 as Bytes,
  fate: { kind: "erase", class: "purge" },
};

/** A token of a host with two disks, one of them dead and in custody. */
export const sampleToken: ReimageToken = {
  id: "01a20bc7-68f6-7947-b1a9-7f4475573f5b",
  cell: "eu" as CellId,
  hostId: "01a20bc7-b370-7aff-8ff0-f416a085ca56" as HostId,
  generation: 3,
  operationId: "01a20bc9-51fa-7850-89b7-dae45699a617" as OperationId,
  epoch: 12,
  planId: "01a20bc9-5120-7306-b204-3f7e3c589245" as PlanId,
  planHash: "a3".repeat(32),
  planHosts: 40,
  machine: {
    systemSerial: "CZJ84601TQ",
    boardSerial: "PVYVK0ARHB41QB",
    smbiosUuid: "4c4c4544-0042-3510-8054-b7c04f4e3332",
    bmcMac: "d0:94:66:2f:11:a2",
    macs: ["d0:94:66:2f:11:a0", "d0:94:66:2f:11:a1"],
  },
  disks: [
    sampleTokenDisk,
    {
      serial: "WD-WCC4E7SNLJ03",
      wwn: null,
      model: null,
      sizeBytes: 4_000_787_030_016 as Bytes,
      fate: { kind: "custody", reason: "dead: no identify since 2026-11-20" },
    },
  ],
  image: {
    name: "debian-12-base 2026.11.1",
    digest: "5f".repeat(32),
    format: "raw.zst",
    fileBytes: 310_000_000 as Bytes,
    sizeBytes: 2_147_483_648 as Bytes,
    rawDigest: "6e".repeat(32),
  },
  layout: { root: [sampleTokenDisk.serial], seedDigest: "0d".repeat(32) },
  notBeforeMs: sampleTokenMs,
  startBeforeMs: unixMs(sampleTokenMs + 3_600_000),
};

/** Of a seed of 32 equal bytes: a key that everybody knows, for tests. */
export function sampleTokenKey(byte = 7): TokenKey {
  // PKCS #8 of an Ed25519 seed (RFC 8410).
  const der = Buffer.concat([
    Buffer.from("302e020100300506032b657004220420", "hex"),
    Buffer.alloc(32, byte),
  ]);
  const privateKey = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  return { privateKey, publicKey: createPublicKey(privateKey) };
}
