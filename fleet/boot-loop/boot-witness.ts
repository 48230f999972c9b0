import type { HostId } from "#proto/vocabulary/ids.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";

/**
 * What was seen of a host's start by others than its BMC: by our boot network and by our listener of
 * agents. Newer than the request that it is to prove, by our own clock.
 */
export interface BootWitness {
  /** Oldest first. */
  requests(hostId: HostId, sinceMs: UnixMs): readonly BootRequest[];
  calls(hostId: HostId, sinceMs: UnixMs): readonly SystemCall[];
}

/** DHCP, TFTP or HTTP, from a MAC of this host. */
export interface BootRequest {
  readonly atMs: UnixMs;
  /** Lower case with colons; null: by an address that was given to this host alone. */
  readonly mac: string | null;
  readonly what: "dhcp" | "loader" | "script" | "kernel" | "initramfs" | "media" | "image";
  /** RFC 4578 client architecture: 0 is legacy; null: it does not say. */
  readonly architecture: number | null;
  /** Sent in answer. */
  readonly bytes: number;
}

/** A system that started and called in. */
export interface SystemCall {
  readonly atMs: UnixMs;
  /** `old`: by a key that was revoked, or a boot or image that stood there before. */
  readonly system: "imaging" | "installed" | "old";
  readonly bootId: string;
  readonly imageDigest: string | null;
}
