import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { ImagingManifest } from "#fleet/boot/imaging-os/imaging-manifest.ts";
import type { ImagingAnswer } from "#proto/messages/imaging.ts";
import { writeBootWords } from "#proto/vocabulary/boot-words.ts";
import { buildOwnImagingOs } from "#test/tooling/imaging-os.ts";
import { type BootListener, startBootListener } from "./virtual-rack/boot-listener.ts";
import { runIpmitool } from "./virtual-rack/run-ipmitool.ts";
import { startVirtualServer, type VirtualServer } from "./virtual-rack/virtual-server.ts";

/**
 * The imaging OS of this checkout on a server of a virtual rack, moved over IPMI by Debian's ipmitool.
 * The whole reimage by a manager is another file's.
 */
const bootMsMax = 150_000;
const mebibyte = 1024 * 1024;

let folder = "";
let manifest: ImagingManifest;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "wws-imaging-os-"));
  manifest = await build("one");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const build = (name: string): Promise<ImagingManifest> =>
  buildOwnImagingOs({ kind: "lean", out: join(folder, name), release: "0.1.0-test" });

test("the same packages give the same bytes, and kernel and initramfs fit into 64 MiB", async () => {
  const again = await build("two");
  expect(again).toEqual(manifest);
  for (const { file, sha256 } of [manifest.kernel, manifest.initramfs])
    for (const place of ["one", "two"]) {
      const bytes = readFileSync(join(folder, place, file));
      expect(createHash("sha256").update(bytes).digest("hex")).toBe(sha256);
    }
  expect(manifest.kernel.bytes + manifest.initramfs.bytes).toBeLessThanOrEqual(64 * mebibyte);
  expect(manifest.packages.every(({ sha256 }) => /^[0-9a-f]{64}$/.test(sha256))).toBe(true);
});

test("a host that is started from the network is idle without an order, refuses one that nobody it trusts has signed, and touches no disk", {
  timeout: 2 * bootMsMax,
}, async () => {
  let answer: ImagingAnswer = { kind: "idle" };
  const listener = await listen(() => answer);
  const server = await serve(listener, 41, "bios");
  const disk = server.disks[0]?.file ?? "";
  writeFileSync(disk, Buffer.alloc(16 * mebibyte, "somebody's data "));
  const before = digestOf(disk);
  expect(await runIpmitool(server, "chassis", "power", "status")).toContain("is off");

  await runIpmitool(server, "chassis", "bootdev", "pxe");
  expect(await runIpmitool(server, "chassis", "bootparam", "get", "5")).toContain("PXE");
  await runIpmitool(server, "chassis", "power", "on");
  await server.serial.wait(/idle: nothing is done to this machine/, bootMsMax);

  expect(await runIpmitool(server, "chassis", "power", "status")).toContain("is on");
  expect(server.machine.starts).toEqual(["network"]);
  expect(server.machine.boot().enabled).toBe("Disabled");
  expect(listener.asked.slice(0, 3)).toEqual(["/boot.ipxe", "/vmlinuz", "/initramfs"]);
  expect(listener.hellos[0]).toMatchObject({
    release: "0.1.0-test",
    hostId: "h-41",
    machine: {
      systemSerial: server.state.serial,
      smbiosUuid: server.state.uuid,
      macs: [server.mac],
    },
  });
  expect(server.bmc.watchdog.isArmed()).toBe(false);
  expect(server.serial.text()).toContain("watchdog of the BMC is off");

  answer = {
    kind: "order",
    token: Buffer.from('{"disks":"all"}').toString("base64"),
    signature: Buffer.alloc(64, 1).toString("base64"),
    keyId: "a".repeat(64),
  };
  await server.serial.wait(/an order was refused: nothing is done to this machine/, bootMsMax);
  expect(listener.progress).toEqual([]);

  await runIpmitool(server, "chassis", "power", "off");
  await server.machine.off();
  expect(await runIpmitool(server, "chassis", "power", "status")).toContain("is off");
  expect(digestOf(disk)).toBe(before);
});

test("a host with UEFI starts the same imaging OS from the network", {
  timeout: 2 * bootMsMax,
}, async () => {
  const listener = await listen(() => ({ kind: "idle" }));
  const server = await serve(listener, 42, "uefi");
  await runIpmitool(server, "chassis", "bootdev", "pxe", "options=efiboot");
  await runIpmitool(server, "chassis", "power", "on");
  await server.serial.wait(/idle: nothing is done to this machine/, bootMsMax);
  expect(listener.hellos[0]?.machine.systemSerial).toBe(server.state.serial);
  expect(server.machine.starts).toEqual(["network"]);
});

async function listen(answer: () => ImagingAnswer): Promise<BootListener> {
  const listener = await startBootListener({
    kernel: join(folder, "one", manifest.kernel.file),
    initramfs: join(folder, "one", manifest.initramfs.file),
    answer,
    words: (url) =>
      writeBootWords({
        url: `${url}/v1`,
        hostId: "h-41",
        hostName: "v41",
        operationId: null,
        keyIds: [],
      }),
  });
  onTestFinished(() => listener.close());
  return listener;
}

async function serve(
  listener: BootListener,
  index: number,
  firmware: "bios" | "uefi",
): Promise<VirtualServer> {
  const server = await startVirtualServer({
    index,
    firmware,
    rackFolder: folder,
    bootUrl: `${listener.guestUrl}/boot.ipxe`,
    password: "S3cret-of-the-lab",
    hasInsideBmc: true,
  });
  onTestFinished(() => server.stop());
  return server;
}

function digestOf(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}
