import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { ArchiveFile } from "./package-archive.ts";
import type { Bundle } from "./package-bundle.ts";
import type { NodeBinary } from "./package-node.ts";
import { repositoryRoot } from "./places.ts";

export interface ContentParts {
  readonly version: string;
  readonly bundle: Bundle;
  readonly node: NodeBinary;
  readonly nodeFlags: readonly string[];
}

const packaging = join(repositoryRoot, "agent/packaging");

/** Every file that a package puts on a host, by the Filesystem Hierarchy Standard. */
export function packageContents(parts: ContentParts): readonly ArchiveFile[] {
  const { version, bundle, node, nodeFlags } = parts;
  const text = (path: string, content: string, mode = 0o644): ArchiveFile => ({
    path,
    bytes: Buffer.from(content, "utf8"),
    mode,
  });
  const data = (name: string): string => readFileSync(join(packaging, name), "utf8");
  const program = (name: string): string =>
    data(name).replace("@NODE_FLAGS@ ", nodeFlags.map((flag) => `${flag} `).join(""));
  return [
    text("usr/bin/wws-agent", data("wws-agent.sh"), 0o755),
    text("usr/lib/wws-agent/launch", program("launch.sh"), 0o755),
    text("usr/lib/wws-agent/look", program("look.sh"), 0o755),
    text("usr/lib/wws-agent/hand", program("hand.sh"), 0o755),
    { path: "usr/lib/wws-agent/node", bytes: node.program, mode: 0o755 },
    ...[...bundle.programs].map(([name, bytes]) => ({
      path: `usr/lib/wws-agent/${name}`,
      bytes,
      mode: 0o644,
    })),
    text("lib/systemd/system/wws-agent.service", data("wws-agent.service")),
    text("lib/systemd/system/wws-looker.service", data("wws-looker.service")),
    text("lib/systemd/system/wws-looker.socket", data("wws-looker.socket")),
    text("lib/systemd/system/wws-hands@.service", data("wws-hands@.service")),
    text("lib/systemd/system/wws-hands.socket", data("wws-hands.socket")),
    text("usr/lib/sysusers.d/wws-agent.conf", data("sysusers.conf")),
    text("usr/lib/tmpfiles.d/wws-agent.conf", data("tmpfiles.conf")),
    text("etc/wws-fleet/agent.toml", data("agent.toml")),
    text("usr/share/doc/wws-agent/copyright", data("copyright")),
    { path: "usr/share/doc/wws-agent/LICENSE.node", bytes: node.license, mode: 0o644 },
    text("usr/share/doc/wws-agent/LICENSES.bundled", bundle.licenses),
    text(
      "usr/share/doc/wws-agent/README.md",
      readFileSync(join(repositoryRoot, "docs/operating/install.md"), "utf8"),
    ),
    {
      path: "usr/share/doc/wws-agent/changelog.gz",
      bytes: gzipSync(`wws-agent (${version})\n\n  * See the history of the repository.\n`),
      mode: 0o644,
    },
  ];
}
