import type { Component } from "#proto/messages/state.ts";
import { unknownComponent } from "#proto/messages/state.ts";
import { keyValues, wholeOf } from "./ipmi-key-values.ts";

/** What a BMC says of itself. null: not said, or a placeholder. */
export interface BmcController {
  readonly firmware: string | null;
  readonly ipmiVersion: string | null;
  readonly manufacturerId: number | null;
  readonly manufacturer: string | null;
  readonly productId: number | null;
  readonly product: string | null;
  /** false: it updates itself or starts, and answers nothing else. */
  readonly available: boolean | null;
  readonly supports: readonly string[];
  /** Four bytes by which makers tell builds of one revision apart. */
  readonly auxiliary: readonly number[];
}

/** `ipmitool mc info`, or FreeIPMI's `bmc-info`. null: the text is no such answer. */
export function parseMcInfo(text: string): BmcController | null {
  const { values, lists } = keyValues(text);
  const firmware = values.get("Firmware Revision");
  if (firmware === undefined || !/^\d{1,3}\.[0-9A-Fa-f.]{1,16}$/.test(firmware)) return null;
  const [, freeIpmiName, freeIpmiId] = /^(.*\S) \((\d{1,8})\)$/.exec(maker(values)) ?? [];
  const name = freeIpmiName ?? values.get("Manufacturer Name");
  const available = values.get("Device Available");
  return {
    firmware,
    ipmiVersion: values.get("IPMI Version") ?? null,
    manufacturerId: wholeOf(freeIpmiId ?? values.get("Manufacturer ID")),
    manufacturer: told(name),
    productId: wholeOf(/^(\d{1,8})(?: |$)/.exec(values.get("Product ID") ?? "")?.[1]),
    product: told(values.get("Product Name")),
    available: available === undefined ? null : /^yes/i.test(available),
    supports:
      lists.get("Additional Device Support") ??
      [...values].flatMap(([key, value]) =>
        value === "supported" && / Device$/.test(key) ? [key] : [],
      ),
    auxiliary: (lists.get("Aux Firmware Rev Info") ?? []).flatMap((line) =>
      /^0x[0-9a-f]{2}$/i.test(line) ? [Number.parseInt(line.slice(2), 16)] : [],
    ),
  };
}

/** The controller as a part of the host; `address` is its own, where somebody asked for it. */
export function bmcComponent(controller: BmcController, address: string | null): Component {
  return {
    ...unknownComponent,
    kind: "bmc",
    slot: "BMC",
    vendor: controller.manufacturer,
    model:
      controller.product ??
      (controller.productId === null ? null : `product ${controller.productId}`),
    firmware: firmwareOf(controller),
    address,
    interface: controller.ipmiVersion === null ? null : `IPMI ${controller.ipmiVersion}`,
  };
}

/** Revision 1.74 with auxiliary bytes 10 0 0 0 is another build than with 12 0 0 0. */
function firmwareOf({ firmware, auxiliary }: BmcController): string | null {
  if (firmware === null || !auxiliary.some((byte) => byte !== 0)) return firmware;
  return `${firmware} (${auxiliary.map((byte) => byte.toString(16).padStart(2, "0")).join(" ")})`;
}

export interface BmcChannel {
  readonly number: number;
  readonly medium: string | null;
  readonly protocol: string | null;
}

/** The `Channel Number` blocks at the end of FreeIPMI's `bmc-info`. */
export function parseBmcChannels(text: string): readonly BmcChannel[] {
  const blocks = text.split(/^Channel Number\s*:/m).slice(1, channelsMax + 1);
  return blocks.flatMap((block) => {
    const number = /^\s*(\d{1,2})\s*$/m.exec(block.split("\n", 1)[0] ?? "")?.[1];
    if (number === undefined) return [];
    const { values } = keyValues(block.slice(block.indexOf("\n") + 1));
    const medium = values.get("Medium Type") ?? null;
    return [{ number: Number(number), medium, protocol: values.get("Protocol Type") ?? null }];
  });
}

function maker(values: ReadonlyMap<string, string>): string {
  return values.get("Manufacturer ID") ?? "";
}

function told(text: string | undefined): string | null {
  return text === undefined || text === "" || /^unknown/i.test(text) ? null : text;
}

/** A BMC has 16 channels. */
const channelsMax = 16;
