/**
 * What the looker reads for others: the few files and folders that only root may read and that a
 * collector needs. By name and not by prefix alone: beside them under /sys lie secrets (CHAP
 * passwords of iSCSI and NVMe) and attributes whose reading does something (PCI resources, VPD).
 * Both the path that was asked for and the one that it leads to must fit.
 */
export function mayRead(path: string): boolean {
  return readable.some((form) => form.test(path));
}

export function mayList(path: string): boolean {
  return listable.some((form) => form.test(path));
}

/** RAPL's energy counters, where they really are and where the class folder shows them. */
export function isEnergyCounter(path: string): boolean {
  return /^\/sys\/(?:class|devices\/virtual)\/powercap(?:\/intel-rapl(?:-mmio)?(?::\d+){0,3}){1,4}\/energy_uj$/.test(
    path,
  );
}

const readable: readonly RegExp[] = [
  // Serial numbers of board and chassis, the SMBIOS UUID (0400).
  /^\/sys\/(?:class|devices\/virtual)\/dmi\/id\/[a-z_]{1,40}$/,
  // What the kernel said before it died; the folder is 0750 and what is in it 0440.
  /^\/sys\/fs\/pstore\/[A-Za-z0-9][A-Za-z0-9._-]{0,100}$/,
  // Whereto systemd-pstore.service moves it: folders of numbers, files 0600.
  /^\/var\/lib\/systemd\/pstore(?:\/\d{1,20}){0,2}\/[A-Za-z0-9][A-Za-z0-9._-]{0,100}$/,
  // The firmware's record of the error that ended the boot before (0400).
  /^\/sys\/firmware\/acpi\/tables\/data\/BERT$/,
  // The frequency that the hardware says, not the one that the governor asked for (0400).
  /^\/sys\/devices\/system\/cpu\/(?:cpu\d{1,5}\/cpufreq|cpufreq\/policy\d{1,5})\/cpuinfo_cur_freq$/,
  // Memory errors and machine checks; some vendors' kernels keep them to root.
  /^\/sys\/devices\/system\/edac\/mc\/mc\d{1,3}(?:\/[a-z0-9_]{1,32}){1,3}$/,
  /^\/sys\/devices\/system\/machinecheck\/machinecheck\d{1,5}\/[a-z0-9_]{1,32}$/,
];

const listable: readonly RegExp[] = [
  /^\/sys\/fs\/pstore$/,
  /^\/var\/lib\/systemd\/pstore(?:\/\d{1,20}){0,2}$/,
  /^\/sys\/(?:class|devices\/virtual)\/dmi\/id$/,
];
