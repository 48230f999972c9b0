import { type Component, unknownComponent } from "#proto/messages/state.ts";
import { isRecord } from "#proto/vocabulary/plain-record.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { dimmBitsPerSecond } from "./dmi-components.ts";
import { firmwarePlace, firmwareText, supplyMilliwatts } from "./dmi-values.ts";
import { chooseSlots } from "./parts-slots.ts";
import { positiveWhole } from "./slow-facts.ts";

/** A node of lshw's tree without its children. */
export type LshwNode = Readonly<Record<string, unknown>>;

/**
 * The nodes of `lshw -json`, parents before children. Its top level is an object or an array by
 * version, a list of objects without brackets in old ones, and lines of warnings may come first:
 * everything before the first line that starts with `{` or `[` is passed over.
 */
export function parseLshw(text: string): Result<readonly LshwNode[], { readonly detail: string }> {
  if (text.length > textLengthMax) return fail({ detail: `lshw gave ${text.length} characters` });
  const start = /^[ \t]*[[{]/m.exec(text)?.index;
  if (start === undefined) return fail({ detail: "lshw gave no JSON" });
  const json = text.slice(start);
  const tree = parseJson(json) ?? parseJson(`[${json.trimEnd().replace(/,$/, "")}]`);
  if (tree === null)
    return fail({ detail: "lshw gave JSON that ends early or is not well formed" });
  const nodes: LshwNode[] = [];
  const waiting: unknown[] = [tree];
  while (waiting.length > 0 && nodes.length < nodesMax) {
    const next = waiting.pop();
    if (Array.isArray(next)) for (const child of next.toReversed()) waiting.push(child);
    else if (isRecord(next)) {
      nodes.push(next);
      if (next["children"] !== undefined) waiting.push(next["children"]);
    }
  }
  return ok(nodes);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export interface LshwInventory {
  readonly system: Readonly<
    Record<"manufacturer" | "product" | "version" | "serial", string | null>
  > | null;
  readonly supplies: readonly {
    readonly slot: string;
    readonly capacityMilliwatts: number | null;
  }[];
  readonly components: readonly Component[];
}

/** What lshw knows of the parts; fewer things and less surely than dmidecode and sysfs do. */
export function lshwInventory(nodes: readonly LshwNode[]): LshwInventory {
  const of = (wanted: string): readonly LshwNode[] =>
    nodes.filter((node) => node["class"] === wanted);
  const [root] = of("system");
  const firmware = nodes.find(({ id }) => id === "firmware");
  const supplies = of("power").filter((node) => isSupply(node));
  const supplySlots = chooseSlots(
    supplies.map((node) => [firmwarePlace(node["slot"])]),
    "psu",
  );
  return {
    system:
      root === undefined
        ? null
        : {
            manufacturer: firmwareText(root["vendor"]),
            product: withoutNote(firmwareText(root["product"])),
            version: firmwareText(root["version"]),
            serial: firmwareText(root["serial"]),
          },
    supplies: supplies.map((node, index) => ({
      slot: supplySlots[index] ?? `psu${index}`,
      capacityMilliwatts: suppliedMilliwatts(node),
    })),
    components: [
      ...of("bus")
        .filter(({ description }) => description === "Motherboard")
        .slice(0, 1)
        .map((node) => ({
          ...partOf(node, "board", "board"),
          firmware: firmwareText(firmware?.["version"]),
        })),
      ...readProcessors(of("processor")),
      ...readModules(of("memory")),
      ...supplies.map((node, index) => ({
        ...partOf(node, "psu", supplySlots[index] ?? `psu${index}`),
        // The description is the model's name, the product its part number.
        model: firmwareText(node["description"]),
        partNumber: firmwareText(node["product"]),
      })),
      ...of("network").flatMap(readNic),
      ...readDisks(nodes),
    ],
  };
}

function partOf(node: LshwNode, kind: Component["kind"], slot: string): Component {
  return {
    ...unknownComponent,
    kind,
    slot,
    vendor: withoutIds(firmwareText(node["vendor"])),
    model: withoutIds(firmwareText(node["product"])),
    serial: firmwareText(node["serial"]),
  };
}

/** A SCSI enclosure calls itself a processor too: those of the host sit on the bus `cpu@n`. */
function readProcessors(nodes: readonly LshwNode[]): readonly Component[] {
  const cpus = nodes.filter(({ businfo }) => typeof businfo === "string" && /^cpu@/.test(businfo));
  const slots = chooseSlots(
    cpus.map((node) => [firmwarePlace(node["slot"])]),
    "cpu",
  );
  return cpus
    .map((node, index) => partOf(node, "cpu", slots[index] ?? `cpu${index}`))
    .filter((_, index) => cpus[index]?.["disabled"] !== true);
}

/**
 * `[empty]` alone is no proof: some versions say it of every module whose size they could not read.
 * A slot whose module has a serial, a part number or a size is not empty.
 */
function readModules(nodes: readonly LshwNode[]): readonly Component[] {
  const banks = nodes.filter(({ id }) => typeof id === "string" && /^bank(?::\d+)?$/.test(id));
  const slots = chooseSlots(
    banks.map((node) => [firmwarePlace(node["slot"])]),
    "dimm",
  );
  return banks.flatMap((node, index) => {
    const part = partOf(node, "dimm", slots[index] ?? `dimm${index}`);
    const sizeBytes = positiveWhole(node["size"]);
    if (sizeBytes === null && part.serial === null && part.model === null) return [];
    const hertz = positiveWhole(node["clock"]);
    const description = typeof node["description"] === "string" ? node["description"] : "";
    return [
      {
        ...part,
        partNumber: part.model,
        sizeBytes,
        speedBitsPerSecond: dimmBitsPerSecond(hertz === null ? null : Math.round(hertz / 1e6)),
        interface: /\b(DDR\d?|LPDDR\d|SDRAM)\b/.exec(description)?.[1]?.toLowerCase() ?? null,
      },
    ];
  });
}

/** A battery is of this class as well; it has no capacity that a supply could have. */
function isSupply(node: LshwNode): boolean {
  if (typeof node["id"] === "string" && /^battery/.test(node["id"])) return false;
  return ["product", "vendor", "serial"].some((key) => firmwareText(node[key]) !== null);
}

/** lshw calls the unit mWh where it took over the watts of DMI type 39. */
function suppliedMilliwatts(node: LshwNode): number | null {
  const watts = positiveWhole(node["capacity"]);
  const milliwatts = watts === null ? Number.NaN : watts * 1000;
  return milliwatts >= supplyMilliwatts.min && milliwatts <= supplyMilliwatts.max
    ? milliwatts
    : null;
}

/** A bond and a bridge sit on no bus: they are no ports. */
function readNic(node: LshwNode): readonly Component[] {
  const name = nameOf(node);
  if (name === null || typeof node["businfo"] !== "string") return [];
  const settings = isRecord(node["configuration"]) ? node["configuration"] : {};
  const driver = firmwareText(settings["driver"]);
  return [
    {
      ...partOf(node, "nic", name),
      // What lshw calls the serial of a port is its hardware address.
      serial: null,
      address: firmwareText(node["serial"])?.toLowerCase() ?? null,
      firmware: firmwareText(settings["firmware"]),
      speedBitsPerSecond: positiveWhole(node["size"]),
      interface: driver === null ? "ethernet" : `ethernet/${driver}`,
    },
  ];
}

/** Disks with a serial; an NVMe drive's stands at its controller, its name at the namespace. */
function readDisks(nodes: readonly LshwNode[]): readonly Component[] {
  return nodes.flatMap((node, index) => {
    const name = nameOf(node);
    const isNvme = node["class"] === "storage" && name !== null && /^nvme\d+$/.test(name);
    if (name === null || (!isNvme && node["class"] !== "disk")) return [];
    const namespace = isNvme ? nodes[index + 1] : undefined;
    const part = partOf(node, "disk", (namespace && nameOf(namespace)) ?? name);
    if (part.serial === null) return [];
    return [
      {
        ...part,
        firmware: firmwareText(node["version"]),
        sizeBytes: positiveWhole((namespace ?? node)["size"]),
        interface: isNvme ? "nvme" : null,
      },
    ];
  });
}

function nameOf(node: LshwNode): string | null {
  const names = node["logicalname"];
  const name: unknown = Array.isArray(names) ? names[0] : names;
  return firmwareText(name)?.replace(/^\/dev\//, "") ?? null;
}

/** `… [8086:1572]` and `… [8086]`, which lshw adds when it is asked for numbers. */
function withoutIds(text: string | null): string | null {
  return text?.replace(/ \[[0-9a-f]{4}(?::[0-9a-f]{4})?\]$/i, "") ?? null;
}

/** The stock number in brackets behind the product's name. */
function withoutNote(text: string | null): string | null {
  return text?.replace(/ \([^()]*\)$/, "") || null;
}

const textLengthMax = 16 * 1024 * 1024;
const nodesMax = 20_000;
