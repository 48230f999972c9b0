import { createHash } from "node:crypto";
import type { ImagingKind } from "./imaging-contents.ts";

/** What lies beside the two files: what they are, and of what they were made. */
export interface ImagingManifest {
  readonly format: 1;
  readonly kind: ImagingKind;
  readonly architecture: "amd64";
  readonly kernel: ManifestFile & { readonly version: string };
  readonly initramfs: ManifestFile;
  /** Version of the agent inside. */
  readonly release: string;
  readonly packages: readonly {
    readonly name: string;
    readonly version: string;
    readonly sha256: string;
  }[];
  /** Firmware that modules ask for and no package had; they do without, or do not work. */
  readonly firmwareMissing: number;
}

export interface ManifestFile {
  /** Beside the manifest. */
  readonly file: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

export function describeFile(file: string, bytes: Uint8Array): ManifestFile {
  return { file, bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}
