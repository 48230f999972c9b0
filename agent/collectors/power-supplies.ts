import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import type { Absence } from "#proto/messages/state.ts";
import { absentByRead } from "./absences.ts";
import type { SampleSink, SeriesHandle } from "./collector.ts";
import { parseWholeInteger } from "./integer-scanner.ts";
import { type OpenOnce, openOnce } from "./open-once.ts";
import { trimSysfs } from "./text.ts";

export interface SupplyReader {
  discover(): readonly Absence[];
  collect(): void;
  close(): void;
}

/**
 * Whether supplies that the kernel knows are online.
 * Source: /sys/class/power_supply/NAME/{type,online}. Batteries are no supplies of a server, and a
 * server's supplies are rarely here: their absence is told by the BMC's collector.
 */
export function createSupplyReader(source: HardwareSource, sink: SampleSink): SupplyReader {
  let supplies: readonly { readonly file: OpenOnce; readonly handle: SeriesHandle }[] = [];
  const close = (): void => {
    for (const { file } of supplies) file.close();
    supplies = [];
  };
  return {
    discover() {
      close();
      const absences: Absence[] = [];
      const found: { readonly file: OpenOnce; readonly handle: SeriesHandle }[] = [];
      const listed = source.listDirectory(folder);
      for (const name of listed.ok ? [...listed.value].sort() : []) {
        const type = source.readText(`${folder}/${name}/type`);
        if (!type.ok || !/^(?:Mains|UPS)$/.test(trimSysfs(type.value))) continue;
        const file = openOnce(source, `${folder}/${name}/online`);
        const attributes = { "hw.id": `power_supply:${name}`, "hw.parent": "kernel" };
        const read = file.read();
        if (read.ok) {
          const request = { metric: "hw.power_supply.status", attributes, exponent: 0 } as const;
          found.push({ file, handle: sink.declare(request) });
        } else {
          absences.push(
            absentByRead(
              "hw.power_supply.status",
              read.problem,
              "the driver does not say",
              attributes,
            ),
          );
        }
      }
      supplies = found;
      return absences;
    },
    collect() {
      for (const { file, handle } of supplies) {
        const read = file.read();
        const online = read.ok ? parseWholeInteger(read.value) : Number.NaN;
        // 2 is "online, by programmed choice"; anything but 0 works.
        if (!Number.isNaN(online)) sink.set(handle, online === 0 ? 0 : 1);
      }
    },
    close,
  };
}

const folder = "/sys/class/power_supply";
