/** `npm run imaging-os [-- --full --out DIR]`: kernel and initramfs of the imaging OS, from Debian packages. */
import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import type { RunProgram } from "#fleet/boot/debian-packages/run-program.ts";
import { buildImagingOs } from "#fleet/boot/imaging-os/build-imaging-os.ts";
import type { ImagingKind } from "#fleet/boot/imaging-os/imaging-contents.ts";
import type { ImagingManifest } from "#fleet/boot/imaging-os/imaging-manifest.ts";
import { bundleProgram } from "./package-bundle.ts";
import { findNode } from "./package-node.ts";
import { repositoryRoot } from "./places.ts";

/** Packages as they came, kept between builds. */
export const packageCache = join(repositoryRoot, "node_modules/.cache/wws-debian");
const nodeCache = join(repositoryRoot, "node_modules/.cache/wws-package");

/** What a program said at the end of its complaints goes with its failure. */
export const runProgram: RunProgram = async (program, args, { cwd, environment } = {}) => {
  const { stdout } = await promisify(execFile)(program, [...args], {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, PATH: `${process.env["PATH"]}:/usr/sbin:/sbin`, ...environment },
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
};

/** The imaging OS of this checkout. */
export async function buildOwnImagingOs(ask: {
  readonly kind: ImagingKind;
  readonly out: string;
  readonly release: string;
  readonly files?: ReadonlyMap<string, Uint8Array>;
  readonly tell?: (text: string) => void;
}): Promise<ImagingManifest> {
  mkdirSync(packageCache, { recursive: true });
  mkdirSync(nodeCache, { recursive: true });
  const program = await bundleProgram(
    { entry: "agent/imaging-program/main.ts", file: "imaging.mjs", format: "esm" },
    ask.release,
  );
  return buildImagingOs({
    tell: () => {},
    ...ask,
    cacheFolder: packageCache,
    run: runProgram,
    node: findNode("amd64", nodeCache).program,
    programs: new Map([["imaging.mjs", program.bytes]]),
  });
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      full: { type: "boolean", default: false },
      out: { type: "string" },
      release: { type: "string", default: "0.1.0" },
    },
  });
  const kind = values.full ? "full" : "lean";
  const out = values.out ?? join(repositoryRoot, "dist/imaging-os", kind);
  const manifest = await buildOwnImagingOs({
    kind,
    out,
    release: values.release,
    tell: (text) => process.stderr.write(`imaging-os: ${text}\n`),
  });
  for (const { file, bytes, sha256 } of [manifest.kernel, manifest.initramfs])
    process.stdout.write(`${sha256}  ${join(out, file)}  ${(bytes / 2 ** 20).toFixed(1)} MiB\n`);
  if (manifest.firmwareMissing > 0)
    process.stdout.write(`${manifest.firmwareMissing} firmware files are in no package\n`);
}
