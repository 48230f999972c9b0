import { createHash, randomUUID } from "node:crypto";
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { buildImage } from "#fleet/boot/image-build/build-image.ts";
import type { BuiltImage } from "#fleet/boot/image-build/image-manifest.ts";
import { createBench, until } from "#test/support/programs.ts";
import { type RunningManager, startServe } from "#test/support/running-manager.ts";
import { packageCache, runProgram } from "#test/tooling/imaging-os.ts";
import { runIpmitool } from "./virtual-rack/run-ipmitool.ts";
import { writeSeedVolume } from "./virtual-rack/seed-volume.ts";
import {
  startVirtualServer,
  usualDisks,
  type VirtualServer,
} from "./virtual-rack/virtual-server.ts";

/** An image of `wws-fleet image build` on disks of virtual servers: its agent calls a real manager. */
const bootMsMax = 150_000;
const mebibyte = 1024 * 1024;
const bench = createBench("all");
const name = "debian-12-test";

let folder = "";
let agentPackage = "";
let image: BuiltImage;
let manager: RunningManager;
/** As a guest of QEMU's user network reaches it. */
let managerAddress = "";

beforeAll(async () => {
  folder = bench.folder();
  const args = ["--arch", "amd64", "--out", folder, "--version", "0.1.0~image"];
  const { code, stderr } = await bench.run("test/tooling/package.ts", args);
  if (code !== 0) throw new Error(`npm run package: ${stderr}`);
  agentPackage = join(folder, "wws-agent_0.1.0~image_amd64.deb");
  image = await build("one");
  const place = { data: join(bench.folder(), "data"), port: await bench.freePort() };
  manager = await startServe(bench, place);
  managerAddress = `10.0.2.2:${place.port + 1}`;
});

function build(to: string): Promise<BuiltImage> {
  const cacheFolder = packageCache;
  const out = join(folder, to);
  return buildImage({ name, out, cacheFolder, run: runProgram, agentPackage, tell: () => {} });
}

test("the same packages give the same bytes, and the manifest says what they are", async () => {
  expect(await build("two")).toEqual(image);
  const packed = readFileSync(join(folder, "two", image.file));
  expect(packed).toHaveLength(image.fileBytes);
  expect(createHash("sha256").update(packed).digest("hex")).toBe(image.sha256);
  const raw = zstdDecompressSync(packed);
  expect(raw).toHaveLength(image.rawBytes);
  expect(createHash("sha256").update(raw).digest("hex")).toBe(image.rawSha256);
});

test.each([
  ["BIOS", "bios", 43],
  ["UEFI", "uefi", 44],
] as const)(
  "a disk with the image starts by %s, takes its seed, enrols and reports; the power button ends it",
  { timeout: 2 * bootMsMax },
  async (_, firmware, index) => {
    const hostName = `built-${firmware}`;
    const { token } = await manager.client.createToken({ kind: "host", hostName }, randomUUID());
    const server = await serve(firmware, index);
    await writeImage(server);
    await writeSeedVolume(server.disks[1]?.file ?? "", folder, {
      "meta-data": JSON.stringify({ "instance-id": hostName, "local-hostname": hostName }),
      "user-data": `#cloud-config\n${JSON.stringify({ wws: { manager: managerAddress, token } })}\n`,
    });

    await runIpmitool(server, "chassis", "power", "on");
    await server.serial.wait(/seed of \/dev\/\w+ applied/, bootMsMax);
    const host = await until(
      `${hostName} reports`,
      async () => {
        const found = await manager.client.host(hostName);
        return found.link.state === "connected" && found.lastReportAt !== null ? found : undefined;
      },
      bootMsMax,
    ).catch((cause: unknown) => {
      throw new Error(`${String(cause)}\n${server.serial.tail()}`, { cause });
    });
    expect(host).toMatchObject({ name: hostName, adopted: false });
    expect(server.machine.starts).toEqual(["disk"]);
    expect(server.serial.text()).not.toContain(token);

    await runIpmitool(server, "chassis", "power", "soft");
    await server.machine.off();
    expect(await runIpmitool(server, "chassis", "power", "status")).toContain("is off");
  },
);

async function serve(firmware: "bios" | "uefi", index: number): Promise<VirtualServer> {
  const [disk, seedDisk] = usualDisks(`v${index}`, index);
  if (disk === undefined || seedDisk === undefined) throw new Error("a server has two disks");
  const server = await startVirtualServer({
    index,
    firmware,
    rackFolder: folder,
    bootUrl: null,
    password: "S3cret-of-the-lab",
    disks: [disk, seedDisk],
    hasInsideBmc: true,
  });
  onTestFinished(() => server.stop());
  return server;
}

/** As an imaging OS would have left it: the image at the front of a larger disk. */
async function writeImage(server: VirtualServer): Promise<void> {
  const [disk] = server.disks;
  if (disk === undefined) throw new Error("a server has a disk");
  writeFileSync(disk.file, zstdDecompressSync(readFileSync(join(folder, "one", image.file))));
  truncateSync(disk.file, disk.sizeMiB * mebibyte);
}
