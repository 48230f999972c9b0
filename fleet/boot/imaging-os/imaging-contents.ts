/** What an imaging OS is made of: names of packages, programs, modules. */
export interface ImagingContents {
  /** Programs by the name under which they are called → package and path in it. */
  readonly programs: Readonly<Record<string, { readonly package: string; readonly path: string }>>;
  /** Where shared libraries of those programs, and of Node, come from. */
  readonly libraries: readonly string[];
  /** Modules by name, or folders of them that end in `/`. */
  readonly modules: readonly string[];
  /** Firmware that the modules name is taken from these; other firmware is not. */
  readonly firmware: readonly string[];
  /** Kernel and initramfs together. */
  readonly bytesMax: number;
}

export type ImagingKind = "lean" | "full";

const mebibyte = 1024 * 1024;

const leanPrograms = {
  busybox: { package: "busybox-static", path: "bin/busybox" },
  blkdiscard: { package: "util-linux", path: "sbin/blkdiscard" },
  dmidecode: { package: "dmidecode", path: "usr/sbin/dmidecode" },
  hdparm: { package: "hdparm", path: "sbin/hdparm" },
  ipmitool: { package: "ipmitool", path: "usr/bin/ipmitool" },
  lsblk: { package: "util-linux", path: "bin/lsblk" },
  mdadm: { package: "mdadm", path: "sbin/mdadm" },
  mke2fs: { package: "e2fsprogs", path: "sbin/mke2fs" },
  "mkfs.vfat": { package: "dosfstools", path: "sbin/mkfs.fat" },
  nvme: { package: "nvme-cli", path: "usr/sbin/nvme" },
  sfdisk: { package: "fdisk", path: "sbin/sfdisk" },
  sg_sanitize: { package: "sg3-utils", path: "usr/bin/sg_sanitize" },
  sg_requests: { package: "sg3-utils", path: "usr/bin/sg_requests" },
  smartctl: { package: "smartmontools", path: "usr/sbin/smartctl" },
} as const;

const leanLibraries = [
  "libblkid1",
  "libc6",
  "libcap-ng0",
  "libcap2",
  "libcom-err2",
  "libdbus-1-3",
  "libext2fs2",
  "libfdisk1",
  "libfreeipmi17",
  "libgcc-s1",
  "libgcrypt20",
  "libgpg-error0",
  "libjson-c5",
  "liblz4-1",
  "liblzma5",
  "libmount1",
  "libnvme1",
  "libpcre2-8-0",
  "libreadline8",
  "libselinux1",
  "libsgutils2-1.46-2",
  "libsmartcols1",
  "libssl3",
  "libstdc++6",
  "libsystemd0",
  "libtinfo6",
  "libudev1",
  "libuuid1",
  "libzstd1",
  "zlib1g",
];

/** Loaded by name at the start; whatever else the machine has announces itself by its own alias. */
export const modulesAtStart = ["dmi-sysfs", "af_packet", "crc32c_generic"] as const;

const leanModules = [
  ...modulesAtStart,
  "virtio_pci",
  "virtio_blk",
  "virtio_net",
  "virtio_scsi",
  "virtio-rng",
  "nvme",
  "ahci",
  "ata_piix",
  "sd_mod",
  "sg",
  "e1000",
  "e1000e",
  "igb",
  "ext4",
  "crc32c-intel",
  "vfat",
  "nls_cp437",
  "nls_ascii",
  "raid1",
  "ipmi_si",
  "ipmi_devintf",
  "iTCO_wdt",
  "i6300esb",
  "drivetemp",
];

export const imagingContents: Readonly<Record<ImagingKind, ImagingContents>> = {
  /** For laboratories and virtual racks. */
  lean: {
    programs: leanPrograms,
    libraries: leanLibraries,
    modules: leanModules,
    firmware: [],
    bytesMax: 64 * mebibyte,
  },
  /** For servers: every card for Ethernet, every controller of disks, with their firmware. */
  full: {
    programs: {
      ...leanPrograms,
      efibootmgr: { package: "efibootmgr", path: "bin/efibootmgr" },
      ethtool: { package: "ethtool", path: "sbin/ethtool" },
      lspci: { package: "pciutils", path: "usr/bin/lspci" },
      sg_format: { package: "sg3-utils", path: "usr/bin/sg_format" },
    },
    libraries: [
      ...leanLibraries,
      "libefiboot1",
      "libefivar1",
      "libkmod2",
      "libpci3",
      "libmnl0",
      "libzstd1",
      "liblzma5",
    ],
    modules: [
      ...leanModules,
      "drivers/ata/",
      "drivers/md/",
      "drivers/message/fusion/",
      "drivers/net/bonding/",
      "drivers/net/ethernet/",
      "drivers/nvme/host/",
      "drivers/scsi/",
      "drivers/watchdog/",
      "8021q",
      "efivarfs",
      "mgag200",
      "ast",
      "usb_storage",
      "xhci_pci",
      "ehci_pci",
      "usbhid",
      "hid_generic",
      "cdc_ether",
      "xfs",
    ],
    firmware: [
      "firmware-bnx2",
      "firmware-bnx2x",
      "firmware-cavium",
      "firmware-misc-nonfree",
      "firmware-myricom",
      "firmware-netronome",
      "firmware-netxen",
      "firmware-qlogic",
      "firmware-realtek",
    ],
    bytesMax: 400 * mebibyte,
  },
};
