import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { Command } from "commander";
import { buildImage, imageNameForm } from "#fleet/boot/image-build/build-image.ts";
import type { BuiltImage } from "#fleet/boot/image-build/image-manifest.ts";
import { CommandError, exitCodes } from "./exit-codes.ts";
import { type FormOptions, outputOption, type Session } from "./session.ts";

interface BuildOptions extends FormOptions {
  readonly name: string;
  readonly agent?: string;
  readonly cache: string;
}

const complaintCharactersMax = 500;
const outputBytesMax = 64 * 1024 * 1024;
const agentPackageForm = /^wws-agent_.+_amd64\.deb$/;

export function imageCommand(session: Session): Command {
  return new Command("image").description("what is written to the disks of hosts").addCommand(
    new Command("build")
      .description("make a bootable Debian image from packages, with the agent in it; asks nobody")
      .argument("<folder>", "where NAME.raw.zst and NAME.json are written")
      .option("--name <name>", "of the image", "debian-12-lab")
      .option("--agent <file>", "the agent's .deb; else the one in ./dist of `npm run package`")
      .option(
        "--cache <folder>",
        "where packages are kept between builds",
        join(homedir(), ".cache/wws-fleet/debian"),
      )
      .addOption(outputOption(["table", "json"]))
      .action(async (folder: string, options: BuildOptions) => {
        await build(session, folder, options);
      }),
  );
}

async function build(session: Session, folder: string, options: BuildOptions): Promise<void> {
  const { terminal } = session;
  if (!imageNameForm.test(options.name))
    throw new CommandError(
      exitCodes.usage,
      `${options.name} is no name of an image`,
      "small letters, digits, dots and dashes",
    );
  const image = await made(
    buildImage({
      name: options.name,
      out: resolve(terminal.folder, folder),
      cacheFolder: resolve(terminal.folder, options.cache),
      agentPackage: findAgentPackage(terminal.folder, options.agent),
      tell: (text) => terminal.stderr.write(`${text}\n`),
      run: async (program, args, { cwd, environment } = {}) => {
        const { stdout } = await promisify(execFile)(program, [...args], {
          ...(cwd === undefined ? {} : { cwd }),
          env: { ...terminal.env, PATH: `${terminal.env["PATH"]}:/usr/sbin:/sbin`, ...environment },
          maxBuffer: outputBytesMax,
          signal: terminal.signal,
        });
        return stdout;
      },
    }),
  );
  const text = options.output === "json" ? JSON.stringify(image, null, 2) : describe(image);
  terminal.stdout.write(`${text}\n`);
}

/** What a package or a program said goes on to whoever asked. */
async function made(building: Promise<BuiltImage>): Promise<BuiltImage> {
  try {
    return await building;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new CommandError(
      exitCodes.failed,
      `no image: ${text.slice(0, complaintCharactersMax)}`,
      "it needs Debian's apt-get, dpkg and depmod, and its archive; docs/operating/imaging-os.md",
    );
  }
}

function findAgentPackage(here: string, given: string | undefined): string {
  if (given !== undefined) return resolve(here, given);
  const dist = join(here, "dist");
  const found = listed(dist).filter((name) => agentPackageForm.test(name));
  const [name] = found;
  if (name === undefined || found.length > 1)
    throw new CommandError(
      exitCodes.usage,
      `${dist} has ${found.length === 0 ? "no" : "more than one"} package of the agent`,
      "`npm run package -- --arch amd64` makes it; --agent FILE names one",
    );
  return join(dist, name);
}

function listed(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function describe(image: BuiltImage): string {
  const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
  return [
    `image      ${image.name}, kernel ${image.kernel}, starts by BIOS and by UEFI`,
    `file       ${image.file}, ${megabytes(image.fileBytes)}, sha256 ${image.sha256}`,
    `on a disk  ${megabytes(image.rawBytes)}, sha256 ${image.rawSha256}`,
  ].join("\n");
}
