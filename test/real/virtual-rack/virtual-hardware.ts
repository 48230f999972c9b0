import { closeSync, copyFileSync, existsSync, openSync, truncateSync } from "node:fs";
import { join } from "node:path";

/** What a virtual server is made of. */
export interface VirtualHardware {
  readonly firmware: "bios" | "uefi";
  readonly memoryMiB: number;
  readonly mac: string;
  readonly disks: readonly VirtualDisk[];
  readonly identity: {
    readonly uuid: string;
    readonly serial: string;
    readonly boardSerial: string;
  };
  /** Offered by DHCP as what to start from; null: DHCP names nothing. */
  readonly bootUrl: string | null;
  /** Socket of the BMC's inside; null: the guest sees no BMC. */
  readonly kcsSocket: string | null;
}

/** The first one is what the server starts from when it does not start from the network. */
export interface VirtualDisk {
  readonly kind: "nvme" | "sata";
  readonly serial: string;
  /** 16 hexadecimal digits: WWN of a SATA disk, EUI-64 of an NVMe namespace. */
  readonly wwn: string;
  readonly sizeMiB: number;
}

/** Where the network card stands in the order in which firmware tries what it may start from. */
export const bootIndex = { networkFirst: 0, firstDisk: 1, networkLast: 5 } as const;

const firmwareFolder = "/usr/share/OVMF";

/** A sparse file for each disk that has none yet; with another size than asked, it is left alone. */
export function makeDisks(folder: string, disks: readonly VirtualDisk[]): readonly string[] {
  return disks.map((disk, index) => {
    const file = join(folder, `disk${index}.img`);
    if (!existsSync(file)) {
      closeSync(openSync(file, "w"));
      truncateSync(file, disk.sizeMiB * 2 ** 20);
    }
    return file;
  });
}

/**
 * Arguments for QEMU. Software emulation by name: KVM opens and then hangs on such machines. NIC and
 * first disk have each a place in the boot order, other disks none: a firmware that fell through to
 * a disk without boot code would start from the network for ever.
 */
export function qemuArguments(
  hardware: VirtualHardware,
  folder: string,
  isNetworkFirst: boolean,
): readonly string[] {
  const { firmware, identity, kcsSocket } = hardware;
  const { uuid, serial, boardSerial } = identity;
  const netIndex = isNetworkFirst ? bootIndex.networkFirst : bootIndex.networkLast;
  const files = makeDisks(folder, hardware.disks);
  const bootFile = hardware.bootUrl === null ? "" : `,bootfile=${hardware.bootUrl}`;
  return [
    ...["-accel", "tcg,thread=multi", "-cpu", "Nehalem", "-M", "q35", "-smp", "1"],
    ...["-m", `${hardware.memoryMiB}`, "-nodefaults", "-vga", "none", "-display", "none"],
    ...["-uuid", uuid],
    ...["-smbios", `type=1,manufacturer=Acme Systems,product=Fleet R640v,serial=${serial}`],
    ...["-smbios", `type=2,manufacturer=Acme Systems,product=X12-VB,serial=${boardSerial}`],
    ...["-smbios", `type=3,manufacturer=Acme Systems,serial=CH-${serial},asset=A-${serial}`],
    ...["-chardev", `file,id=serial0,path=${join(folder, "serial.log")},append=on`],
    ...["-serial", "chardev:serial0"],
    ...["-qmp", `unix:${join(folder, "qmp.sock")},server=on,wait=off`],
    ...(firmware === "uefi" ? firmwareArguments(folder) : []),
    ...["-netdev", `user,id=n0${bootFile}`],
    ...["-device", `virtio-net-pci,id=net0,netdev=n0,mac=${hardware.mac},bootindex=${netIndex}`],
    ...hardware.disks.flatMap((disk, index) => diskArguments(disk, index, files[index] ?? "")),
    ...(kcsSocket === null ? [] : kcsArguments(kcsSocket)),
  ];
}

function firmwareArguments(folder: string): readonly string[] {
  const variables = join(folder, "ovmf-variables.fd");
  if (!existsSync(variables)) copyFileSync(join(firmwareFolder, "OVMF_VARS_4M.fd"), variables);
  const code = join(firmwareFolder, "OVMF_CODE_4M.fd");
  return [
    ...["-drive", `if=pflash,unit=0,format=raw,readonly=on,file=${code}`],
    ...["-drive", `if=pflash,unit=1,format=raw,file=${variables}`],
  ];
}

function diskArguments(disk: VirtualDisk, index: number, file: string): readonly string[] {
  // writeback: what the guest has flushed outlives a power cut, as on a real disk.
  const drive = ["-drive", `file=${file},format=raw,if=none,id=d${index},cache=writeback`];
  const order = index === 0 ? `,bootindex=${bootIndex.firstDisk}` : "";
  if (disk.kind === "nvme")
    return [
      ...drive,
      ...["-device", `nvme,id=nvme${index},serial=${disk.serial}`],
      "-device",
      `nvme-ns,bus=nvme${index},drive=d${index},nsid=1,eui64=0x${disk.wwn}${order}`,
    ];
  return [
    ...drive,
    "-device",
    `ide-hd,bus=ide.${index},drive=d${index},serial=${disk.serial},wwn=0x${disk.wwn},model=ACME HDD,rotation_rate=7200${order}`,
  ];
}

function kcsArguments(socket: string): readonly string[] {
  return [
    ...["-chardev", `socket,id=ipmi0,path=${socket},reconnect=1`],
    ...["-device", "ipmi-bmc-extern,id=bmc0,chardev=ipmi0"],
    ...["-device", "isa-ipmi-kcs,bmc=bmc0,irq=5"],
  ];
}
