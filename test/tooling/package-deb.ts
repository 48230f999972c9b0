import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type ArchiveFile, writeAr, writeTar } from "./package-archive.ts";
import type { Architecture } from "./package-node.ts";
import { repositoryRoot } from "./places.ts";

export interface DebParts {
  readonly version: string;
  readonly architecture: Architecture;
  readonly files: readonly ArchiveFile[];
  readonly mtimeSeconds: number;
}

const scripts = ["postinst", "prerm", "postrm"];

/** A binary package (deb(5)), gzip inside: every dpkg that is alive reads it. */
export function writeDeb({ version, architecture, files, mtimeSeconds }: DebParts): Uint8Array {
  const options = { mtimeSeconds, prefix: "./" };
  const conffiles = files.filter(({ path }) => path.startsWith("etc/"));
  const control: ArchiveFile[] = [
    textFile("control", controlText(version, architecture, files)),
    textFile("conffiles", conffiles.map(({ path }) => `/${path}\n`).join("")),
    textFile("md5sums", sums(files.filter((file) => !conffiles.includes(file)))),
    ...scripts.map((name) =>
      textFile(name, readFileSync(join(repositoryRoot, "agent/packaging", name), "utf8"), 0o755),
    ),
  ];
  return writeAr(
    [
      { name: "debian-binary", bytes: Buffer.from("2.0\n", "latin1") },
      { name: "control.tar.gz", bytes: compress(writeTar(control, options)) },
      { name: "data.tar.gz", bytes: compress(writeTar(files, options)) },
    ],
    mtimeSeconds,
  );
}

/** zlib's own header has no time and no name in it, so the same bytes give the same bytes. */
export function compress(bytes: Uint8Array): Uint8Array {
  return gzipSync(bytes, { level: 6 });
}

function controlText(
  version: string,
  architecture: Architecture,
  files: readonly ArchiveFile[],
): string {
  const kibibytes = files.reduce((sum, { bytes }) => sum + Math.ceil(bytes.length / 1024), 0);
  return `Package: wws-agent
Version: ${version}
Architecture: ${architecture}
Maintainer: The wws-fleet authors <wws-fleet@localhost>
Installed-Size: ${kibibytes}
Depends: libc6 (>= 2.28), libgcc-s1, libstdc++6 (>= 10), init-system-helpers (>= 1.54), passwd, systemd (>= 247)
Recommends: smartmontools, nvme-cli, ipmitool, dmidecode, lldpd
Section: admin
Priority: optional
Description: reports a server's hardware to a WWS Fleet manager
 Looks at processors, memory, disks, power, fans and firmware once a second and
 reports over one WebSocket with mutual TLS. Runs without rights, with a small
 helper that only looks. Brings its own Node.
`;
}

function sums(files: readonly ArchiveFile[]): string {
  return [...files]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, bytes }) => `${createHash("md5").update(bytes).digest("hex")}  ${path}\n`)
    .join("");
}

function textFile(path: string, content: string, mode = 0o644): ArchiveFile {
  return { path, bytes: Buffer.from(content, "utf8"), mode };
}
