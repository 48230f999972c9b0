/** Of an image of the catalogue, as `wws-fleet image build` leaves it beside the image; not signed yet. */
export interface BuiltImage {
  readonly format: "raw.zst";
  readonly name: string;
  /** Beside the manifest. */
  readonly file: string;
  /** Of the file, and SHA-256 of it, hexadecimal. */
  readonly fileBytes: number;
  readonly sha256: string;
  /** Of what is written to a disk, and SHA-256 of that: what the disk reads back as. */
  readonly rawBytes: number;
  readonly rawSha256: string;
  readonly kernel: string;
  readonly firmware: readonly ["bios", "uefi"];
  readonly packages: readonly {
    readonly name: string;
    readonly version: string;
    readonly sha256: string;
  }[];
}
