import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type DebianPackage, parseAptUris } from "./apt-uris.ts";
import type { RunProgram } from "./run-program.ts";

export interface PackageSource {
  readonly run: RunProgram;
  /** Packages as they came, by their exact names, and what is unpacked of each; kept between runs. */
  readonly cacheFolder: string;
  /**
   * Sections beside those that this machine's apt knows, in apt's form; null: only those. They are
   * asked for by lists of our own, so nothing on the machine changes.
   */
  readonly moreSources: string | null;
}

export interface UnpackedPackage {
  readonly package: DebianPackage;
  /** Holds `usr/bin/…` as it would lie on a machine. */
  readonly folder: string;
}

/**
 * Downloads packages of these exact names, checks each against the archive's signed index, and
 * unpacks it into a folder of its own: nothing is installed, no script of a package runs, root is not
 * needed. A name with a star is refused: apt would bring every kernel that there ever was.
 */
export async function fetchPackages(
  names: readonly string[],
  source: PackageSource,
): Promise<readonly UnpackedPackage[]> {
  for (const name of names)
    if (!/^[a-z0-9][a-z0-9+.-]+$/.test(name)) throw new Error(`${name} is no name of a package`);
  const found = await resolvePackages(names, source);
  const unpacked: UnpackedPackage[] = [];
  for (const one of found) unpacked.push({ package: one, folder: await unpackOne(one, source) });
  return unpacked;
}

async function resolvePackages(
  names: readonly string[],
  source: PackageSource,
): Promise<readonly DebianPackage[]> {
  const wanted = [...new Set(names)].sort();
  const options = await aptOptions(source);
  const text = await source.run("apt-get", [...options, "download", "--print-uris", ...wanted]);
  const found = parseAptUris(text).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const missing = wanted.filter((name) => !found.some((one) => one.name === name));
  if (missing.length > 0)
    throw new Error(`apt knows no ${missing.join(", ")}: run \`apt-get update\``);
  return found;
}

/** The one kernel that `linux-image-amd64` stands for today. */
export async function resolveKernelName(source: PackageSource): Promise<string> {
  const text = await source.run("apt-cache", ["depends", "linux-image-amd64"]);
  const name = /Depends: (linux-image-[0-9][a-z0-9.-]+)/.exec(text)?.[1];
  if (name === undefined)
    throw new Error("apt does not know linux-image-amd64: run `apt-get update`");
  return name;
}

/** Another section of the archive that this machine has its main section from, in apt's form. */
export async function sectionBesideMain(section: string, source: PackageSource): Promise<string> {
  const text = await source.run("apt-get", [
    "indextargets",
    "--format",
    "$(REPO_URI) $(RELEASE) $(COMPONENT)",
    "Created-By: Packages",
  ]);
  for (const line of text.split("\n")) {
    const [site, release, component] = line.split(" ");
    const isBase = release !== undefined && /^[a-z]+$/.test(release);
    if (site === undefined || !/^https?:\/\/\S+$/.test(site) || !isBase || component !== "main")
      continue;
    // Signed like the rest: apt knows the keys of Debian's archive.
    return `deb ${site} ${release} ${section}\n`;
  }
  throw new Error("apt has no main section of Debian on its list");
}

async function unpackOne(one: DebianPackage, source: PackageSource): Promise<string> {
  const { cacheFolder, run } = source;
  const base = one.file.replaceAll("%3a", "+").replace(/\.deb$/, "");
  const folder = join(cacheFolder, "unpacked", `${base}-${one.sha256.slice(0, 12)}`);
  if (existsSync(folder)) return folder;
  mkdirSync(join(cacheFolder, "unpacked"), { recursive: true });
  const unfinished = mkdtempSync(`${folder}.`);
  const options = await aptOptions(source);
  const downloads = mkdtempSync(join(cacheFolder, "downloads."));
  await run("apt-get", [...options, "download", "-qq", `${one.name}=${one.version}`], {
    cwd: downloads,
  });
  const archive = join(downloads, one.file);
  const sum = createHash("sha256").update(readFileSync(archive)).digest("hex");
  if (sum !== one.sha256) throw new Error(`${one.file} is not what the archive's index names`);
  await run("dpkg", ["-x", archive, unfinished]);
  rmSync(downloads, { recursive: true });
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    // Two builds may fetch it at the same time: the first one stays, the other is the same.
    if (!existsSync(folder)) throw error;
    rmSync(unfinished, { recursive: true });
  }
  return folder;
}

/** A source list and lists of our own, beside the machine's. */
async function aptOptions(source: PackageSource): Promise<readonly string[]> {
  const { cacheFolder, moreSources, run } = source;
  // Root's apt would download as a user who cannot write our folders.
  const usual = ["-o", "APT::Sandbox::User=root"];
  if (moreSources === null) return usual;
  const home = join(cacheFolder, "apt");
  const list = join(home, "more.list");
  const options = [
    ...usual,
    ...["-o", `Dir::Etc::SourceList=${list}`, "-o", "Dir::Etc::SourceParts=-"],
    ...["-o", `Dir::State::Lists=${join(home, "lists")}`],
    ...["-o", `Dir::Cache=${join(home, "cache")}`],
  ];
  const isKnown = existsSync(list) && readFileSync(list, "utf8") === moreSources;
  if (isKnown) return options;
  mkdirSync(join(home, "lists/partial"), { recursive: true });
  mkdirSync(join(home, "cache/archives/partial"), { recursive: true });
  const unfinished = `${list}.new`;
  writeFileSync(unfinished, moreSources);
  await run(
    "apt-get",
    options.map((text) => text.replace(list, unfinished)).concat("update", "-qq"),
  );
  renameSync(unfinished, list);
  return options;
}
