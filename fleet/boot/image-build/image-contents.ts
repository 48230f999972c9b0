/** Packages of an image, beside the kernel that `linux-image-amd64` stands for. */
export const imagePrograms = {
  busybox: { package: "busybox-static", path: "bin/busybox" },
  dmidecode: { package: "dmidecode", path: "usr/sbin/dmidecode" },
  ipmitool: { package: "ipmitool", path: "usr/bin/ipmitool" },
  lsblk: { package: "util-linux", path: "bin/lsblk" },
  nvme: { package: "nvme-cli", path: "usr/sbin/nvme" },
  smartctl: { package: "smartmontools", path: "usr/sbin/smartctl" },
} as const;

/** Taken apart for what is in them: the loader of UEFI, the loader of BIOS, makers of file systems. */
export const imageTools = [
  "dosfstools",
  "e2fsprogs",
  "mtools",
  "syslinux",
  "systemd-boot-efi",
] as const;

/** What finds the root file system; the rest is loaded from there. */
export const rootModules = [
  "virtio_pci",
  "virtio_blk",
  "virtio_scsi",
  "nvme",
  "ahci",
  "ata_piix",
  "sd_mod",
  "raid1",
  "ext4",
  "crc32c_generic",
  "crc32c-intel",
] as const;

export const systemModules = [
  "af_packet",
  "button",
  "evdev",
  "dmi-sysfs",
  "virtio_net",
  "virtio-rng",
  "e1000",
  "e1000e",
  "igb",
  "bonding",
  "8021q",
  "ipmi_si",
  "ipmi_devintf",
  "vfat",
  "nls_cp437",
  "nls_ascii",
  "sg",
  "drivetemp",
] as const;

export const rootLabel = "wws-root";
/** Where the seed of a first start is looked for, as cloud-init's NoCloud has it. */
export const seedLabel = "cidata";
