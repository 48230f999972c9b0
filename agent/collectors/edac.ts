import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import type { Absence } from "#proto/messages/state.ts";
import { absent } from "./absences.ts";
import { trimSysfs } from "./text.ts";

/** One file in which the kernel counts errors of one piece of memory. */
export interface ErrorCounter {
  /** `edac:mc0/dimm3`, `edac:mc0/csrow0/ch1`; `edac:mc0` for errors that have no place. */
  readonly id: string;
  /** What the driver or rasdaemon calls it; null: nothing. */
  readonly name: string | null;
  readonly parent: string | null;
  /** Value of `hw.type`; null: a bridge or another part that OpenTelemetry has no word for. */
  readonly type: "memory" | "network" | "disk_controller" | "gpu" | null;
  /** Value of `error.type`. */
  readonly error: string;
  readonly path: string;
}

/**
 * The counters of memory errors, each error in one of them only.
 * Source: /sys/devices/system/edac/mc/mcN (Documentation/admin-guide/ras.rst): dimmN or rankN
 * folders, in kernels before 3.6 and some drivers csrowN with chN_ files. `ce_noinfo_count` and
 * `ue_noinfo_count` hold what could not be placed; `ce_count` of the controller is the sum and is
 * not read. Counts begin anew at boot and when somebody writes `reset_counters`.
 */
export function findEdacCounters(source: HardwareSource): {
  readonly counters: readonly ErrorCounter[];
  readonly absences: readonly Absence[];
} {
  const listed = source.listDirectory(edacFolder);
  const controllers = listed.ok ? listed.value.filter((name) => /^mc\d{1,3}$/.test(name)) : [];
  const counters = controllers
    .slice(0, controllersMax)
    .flatMap((controller) => countersOf(source, controller))
    .slice(0, countersMax);
  return { counters, absences: counters.length === 0 ? [noDriver(source)] : [] };
}

function countersOf(source: HardwareSource, controller: string): readonly ErrorCounter[] {
  const folder = `${edacFolder}/${controller}`;
  const names = namesIn(source, folder);
  const parts = names.filter((name) => /^(?:dimm|rank)\d{1,3}$/.test(name));
  const rows = names.filter((name) => /^csrow\d{1,3}$/.test(name));
  const whole = counter({ id: `edac:${controller}`, name: controller, parent: null });
  return [
    ...(parts.length > 0
      ? parts.flatMap((part) => partCounters(source, controller, part))
      : rows.flatMap((row) => rowCounters(source, controller, row))),
    ...present(names, "ce_noinfo_count", () => whole("corrected", `${folder}/ce_noinfo_count`)),
    ...present(names, "ue_noinfo_count", () => whole("uncorrected", `${folder}/ue_noinfo_count`)),
  ];
}

function partCounters(source: HardwareSource, controller: string, part: string) {
  const folder = `${edacFolder}/${controller}/${part}`;
  const names = namesIn(source, folder);
  const of = counter({
    id: `edac:${controller}/${part}`,
    name: labelAt(source, `${folder}/dimm_label`),
    parent: controller,
  });
  return [
    ...present(names, "dimm_ce_count", () => of("corrected", `${folder}/dimm_ce_count`)),
    ...present(names, "dimm_ue_count", () => of("uncorrected", `${folder}/dimm_ue_count`)),
  ];
}

/** A row's count is the sum of its channels: it is read only where they have none. */
function rowCounters(source: HardwareSource, controller: string, row: string) {
  const folder = `${edacFolder}/${controller}/${row}`;
  const names = namesIn(source, folder);
  const channelFiles = (kind: "ce" | "ue") =>
    names.flatMap((name) => {
      const channel = new RegExp(`^ch(\\d{1,3})_${kind}_count$`).exec(name)?.[1];
      return channel === undefined ? [] : [{ channel, path: `${folder}/${name}` }];
    });
  const ofRow = counter({
    id: `edac:${controller}/${row}`,
    name: row,
    parent: controller,
  });
  return (
    [
      ["ce", "corrected"],
      ["ue", "uncorrected"],
    ] as const
  ).flatMap(([kind, error]) => {
    const channels = channelFiles(kind);
    if (channels.length === 0)
      return present(names, `${kind}_count`, () => ofRow(error, `${folder}/${kind}_count`));
    return channels.map(({ channel, path }) =>
      counter({
        id: `edac:${controller}/${row}/ch${channel}`,
        name: labelAt(source, `${folder}/ch${channel}_dimm_label`),
        parent: controller,
      })(error, path),
    );
  });
}

function counter(part: Pick<ErrorCounter, "id" | "name" | "parent">) {
  return (error: string, path: string): ErrorCounter => ({ ...part, type: "memory", error, path });
}

function present(
  names: readonly string[],
  file: string,
  make: () => ErrorCounter,
): readonly ErrorCounter[] {
  return names.includes(file) ? [make()] : [];
}

function labelAt(source: HardwareSource, path: string): string | null {
  const read = source.readText(path);
  return read.ok ? trimSysfs(read.value).slice(0, labelLengthMax) || null : null;
}

function namesIn(source: HardwareSource, folder: string): readonly string[] {
  const listed = source.listDirectory(folder);
  return listed.ok ? listed.value.slice(0, namesMax) : [];
}

function noDriver(source: HardwareSource): Absence {
  const folderIsThere = source.listDirectory("/sys/devices/system/edac").ok;
  return absent({
    what: "hw.errors",
    attributes: { "hw.type": "memory" },
    reason: folderIsThere ? "no-such-hardware" : "no-kernel-interface",
    detail: folderIsThere
      ? `${edacFolder}: no memory controller counts errors (memory without ECC, or its driver is not loaded: apt install rasdaemon)`
      : `${edacFolder}: no EDAC driver; load that of the memory controller (amd64_edac, skx_edac, ie31200_edac, ghes_edac)`,
  });
}

export const edacFolder = "/sys/devices/system/edac/mc";
const controllersMax = 128;
const namesMax = 1024;
const countersMax = 2048;
const labelLengthMax = 120;
