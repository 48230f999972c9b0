/** One package as the archive offers it now: an exact version, and what its bytes must be. */
export interface DebianPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly url: string;
  readonly file: string;
  readonly bytes: number;
  /** Hexadecimal; apt itself took it from an index that Debian signed. */
  readonly sha256: string;
}

const linesMax = 4_096;

/**
 * Output of `apt-get download --print-uris NAME…`: `'URI' FILE BYTES SHA256:HEX`, one a line. Other
 * lines are apt's notices. Throws a line that begins as one and is not of that form.
 */
export function parseAptUris(text: string): readonly DebianPackage[] {
  return text
    .split("\n", linesMax)
    .filter((line) => line.startsWith("'"))
    .map((line) => {
      const match = /^'(https?:\/\/[^'\s]+\.deb)' (\S+\.deb) ([0-9]+) SHA256:([0-9a-f]{64})$/.exec(
        line.trimEnd(),
      );
      const [, url, file, bytes, sha256] = match ?? [];
      const parts = /^([a-z0-9][a-z0-9+.-]+)_([^_/]+)_([a-z0-9]+)\.deb$/.exec(file ?? "");
      const [, name, version, architecture] = parts ?? [];
      if (
        url === undefined ||
        file === undefined ||
        bytes === undefined ||
        sha256 === undefined ||
        name === undefined ||
        version === undefined ||
        architecture === undefined
      )
        throw new Error(`apt-get said of a package what cannot be read: ${line.slice(0, 200)}`);
      return {
        name,
        // In a file's name the colon of an epoch is written %3a.
        version: decodeURIComponent(version),
        architecture,
        url,
        file,
        bytes: Number(bytes),
        sha256,
      };
    });
}
