import type { CellId, HostId, OperationId, PlanId } from "#proto/vocabulary/ids.ts";
import type { Bytes, UnixMs } from "#proto/vocabulary/units.ts";

/**
 * Leave to erase the disks of one host and to write one image on it. Signed; the imaging OS compares
 * every fact in it with what it sees, and refuses if one differs: it is the last line. Short-lived at
 * the start only: what has begun within `startBeforeMs` may end, however long it takes.
 */
export interface ReimageToken {
  /** UUIDv7; a host takes each once. */
  readonly id: string;
  readonly cell: CellId;
  readonly hostId: HostId;
  /** Of the identity that ends with this. */
  readonly generation: number;
  readonly operationId: OperationId;
  readonly epoch: number;
  readonly planId: PlanId;
  /** SHA-256, hexadecimal. */
  readonly planHash: string;
  /** Hosts of that plan. */
  readonly planHosts: number;
  readonly machine: TokenMachine;
  /** Every disk of the host, found or not: nothing else is written. */
  readonly disks: readonly TokenDisk[];
  readonly image: TokenImage;
  readonly layout: TokenLayout;
  readonly notBeforeMs: UnixMs;
  readonly startBeforeMs: UnixMs;
}

/** null: not known, and not compared. At least one of the serials is known. */
export interface TokenMachine {
  readonly systemSerial: string | null;
  readonly boardSerial: string | null;
  /** Lower case with dashes; both byte orders compare equal. */
  readonly smbiosUuid: string | null;
  readonly bmcMac: string | null;
  /** What the host boots from the network by. */
  readonly macs: readonly string[];
}

/**
 * By serial, and by WWN where it has one; never by a kernel's name. `erase`: found, erased, verified.
 * `custody`: dead or absent by the signed plan; it is not touched, and the host may do without it.
 */
export interface TokenDisk {
  readonly serial: string;
  readonly wwn: string | null;
  readonly model: string | null;
  readonly sizeBytes: Bytes;
  readonly fate:
    | { readonly kind: "erase"; readonly class: EraseClass }
    | { readonly kind: "custody"; readonly reason: string };
}

/**
 * NIST SP 800-88: `clear` withstands reading through the interface (overwrite, secure erase),
 * `purge` a laboratory (sanitize by crypto erase or block erase, enhanced secure erase). A drive that
 * cannot do its class is refused: nothing weaker is done in silence.
 */
export type EraseClass = "clear" | "purge";

/** An image of the signed catalogue. */
export interface TokenImage {
  readonly name: string;
  /** SHA-256 of the file as it is served, hexadecimal. */
  readonly digest: string;
  readonly format: "raw" | "raw.zst";
  /** Of the file as it is served. */
  readonly fileBytes: Bytes;
  /** Once unpacked: never more than this is written. */
  readonly sizeBytes: Bytes;
  /** SHA-256 of the unpacked bytes, hexadecimal: what the disk reads back as. */
  readonly rawDigest: string;
}

export interface TokenLayout {
  /** Serials of the disks that hold the system: one, or two as a mirror. */
  readonly root: readonly string[];
  /** Identity, name, network and keys of the new system: SHA-256 of the seed as it is served. */
  readonly seedDigest: string;
}

/** Ed25519 over the token's canonical bytes. */
export interface SignedToken {
  readonly token: ReimageToken;
  /** Exactly what was signed. */
  readonly bytes: Uint8Array;
  readonly signature: Uint8Array;
  /** SHA-256 of the public key's SPKI DER, hexadecimal. */
  readonly keyId: string;
}
