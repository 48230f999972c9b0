import type { MemorySource } from "#test/support/memory-source.ts";
import type { ServerShape } from "./server-shape.ts";

/** Firmware tables, system, memory modules and file systems: what a server is, not what it does. */
export function putIdentity(source: MemorySource, shape: ServerShape): void {
  const dmi: Readonly<Record<string, string>> = {
    sys_vendor: maker,
    product_name: shape.product,
    product_serial: serialOf(shape, "S"),
    product_uuid: uuidOf(shape),
    chassis_asset_tag: "Not Specified",
    board_vendor: maker,
    board_name: `${shape.product}-MB`,
    board_serial: serialOf(shape, "B"),
    bios_vendor: maker,
    bios_version: "2.14.1",
    bios_date: "03/02/2026",
  };
  for (const [name, text] of Object.entries(dmi))
    source.put(`/sys/class/dmi/id/${name}`, `${text}\n`);
  source.put("/proc/sys/kernel/hostname", `synthetic-${shape.seed}\n`);
  source.put("/proc/sys/kernel/osrelease", "6.1.0-28-amd64\n");
  source.put("/proc/sys/kernel/arch", "x86_64\n");
  source.put(
    "/etc/os-release",
    'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n',
  );
  source.putInformation("system", {
    manufacturer: maker,
    model: shape.product,
    serial: dmi["product_serial"],
    uuid: dmi["product_uuid"],
    virtual: false,
    virtualHost: "",
  });
  source.putInformation("baseboard", {
    manufacturer: maker,
    model: dmi["board_name"],
    serial: dmi["board_serial"],
  });
  source.putInformation("bios", {
    vendor: maker,
    version: dmi["bios_version"],
    releaseDate: "2026-03-02",
  });
  source.putInformation("chassis", {
    manufacturer: maker,
    type: "Rack Mount Chassis",
    assetTag: "Not Specified",
  });
  source.putInformation("osInfo", {
    distro: "Debian GNU/Linux",
    release: "12",
    codename: "bookworm",
    kernel: "6.1.0-28-amd64",
    arch: "x64",
  });
  source.putInformation("memLayout", modules(shape));
  putFilesystems(source, shape);
}

function modules(shape: ServerShape): readonly object[] {
  const { count, gibibytes } = shape.dimms;
  const perSocket = count / shape.processor.sockets;
  return Array.from({ length: count }, (_, index) => ({
    size: gibibytes * 1024 ** 3,
    bank: `P${Math.floor(index / perSocket)} CHANNEL ${String.fromCharCode(65 + (index % perSocket))}`,
    type: "DDR5",
    ecc: true,
    clockSpeed: 4800,
    formFactor: "DIMM",
    manufacturer: "Example Memory",
    partNum: `EM-${gibibytes}R4800`,
    serialNum: `E${shape.seed}M${String(index).padStart(4, "0")}`,
  }));
}

function putFilesystems(source: MemorySource, shape: ServerShape): void {
  const lines = [
    "24 30 0:22 / /proc rw,relatime - proc proc rw",
    "25 30 0:23 / /sys rw,relatime - sysfs sys rw",
    "26 30 0:24 / /run rw,relatime - tmpfs tmpfs rw",
    ...shape.filesystems.map(
      ({ mountpoint, type, device }, index) =>
        `${30 + index} 1 259:${index} / ${mountpoint} rw,relatime - ${type} ${device} rw`,
    ),
  ];
  source.put("/proc/self/mountinfo", `${lines.join("\n")}\n`);
  for (const { mountpoint, gigabytes, used } of shape.filesystems) {
    const sizeBytes = Math.round((gigabytes * 1e9) / 4096) * 4096;
    const freeBytes = Math.round((sizeBytes * (1 - used)) / 4096) * 4096;
    source.putFilesystem(mountpoint, {
      sizeBytes,
      freeBytes,
      availableBytes: freeBytes,
      files: 61_054_976,
      filesFree: 60_000_000,
    });
  }
}

/** Nobody's name, so that nobody takes it for a machine that was seen. */
const maker = "Example Systems";

function serialOf(shape: ServerShape, part: string): string {
  return `EX${part}${String(shape.seed * 7919).padStart(9, "0")}`;
}

function uuidOf(shape: ServerShape): string {
  const digits = (shape.seed * 2_654_435_761).toString(16).padStart(12, "0").slice(-12);
  return `e5a3c1d0-7b42-4f19-8a6e-${digits}`;
}
