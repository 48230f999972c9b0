import type { EraseClass } from "#proto/messages/reimage-token.ts";

/** What a drive does by itself when it is told to. */
export const inDriveMethods = [
  /** NVMe, ATA or SCSI sanitize: the key of the medium is changed. */
  "sanitize-crypto",
  /** NVMe, ATA or SCSI sanitize: every block of flash is erased, spare ones too. */
  "sanitize-block",
  /** Sanitize by overwriting, spare sectors too. */
  "sanitize-overwrite",
  /** NVMe format with secure erase setting 2. */
  "format-crypto",
  /** NVMe format with secure erase setting 1. */
  "format-user-data",
  "ata-enhanced-secure-erase",
  "ata-secure-erase",
] as const;
export type InDriveMethod = (typeof inDriveMethods)[number];

/** `overwrite`: the host writes zeros over all that it can address, once. */
export type EraseMethod = InDriveMethod | "overwrite";

export function isEraseMethod(value: unknown): value is EraseMethod {
  return value === "overwrite" || inDriveMethods.some((method) => method === value);
}

/** Ways that a policy holds for equal, the best first. */
export type EraseTable = { readonly [Class in EraseClass]: readonly EraseMethod[] };

/**
 * NIST SP 800-88r1, appendix A. What purges also clears; what clears never purges. Setting 1 of an
 * NVMe format reaches user data only, so that it clears.
 */
export const eraseTable: EraseTable = {
  purge: [
    "sanitize-crypto",
    "sanitize-block",
    "format-crypto",
    "ata-enhanced-secure-erase",
    "sanitize-overwrite",
  ],
  clear: [
    "format-user-data",
    "ata-secure-erase",
    "sanitize-block",
    "sanitize-crypto",
    "format-crypto",
    "ata-enhanced-secure-erase",
    "overwrite",
    "sanitize-overwrite",
  ],
};

/** Has a log that outlives a power cut, and goes on by itself after one. */
export function isSanitize(method: EraseMethod): boolean {
  return method.startsWith("sanitize-");
}
