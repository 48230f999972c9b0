import {
  type GpuAnswer,
  type GpuReading,
  gpuLimits,
  pciAddress,
  toldSerial,
  toldText,
  unknownGpu,
  within,
} from "./gpu-reading.ts";

/**
 * `rocm-smi … --json`: one object a card, `card0` and on, and `system` beside them. Numbers are text,
 * the unit stands in the key, and keys changed their letters' case between releases. null: the text is
 * no such document. Warnings and blank lines come before the JSON: it begins at the first brace.
 */
export function parseRocmSmi(text: string): GpuAnswer | null {
  const root = asObject(parseJson(text, "{"));
  if (root === null) return null;
  const cards = Object.entries(root)
    .filter(([name]) => /^card\d{1,3}$/.test(name))
    .slice(0, gpusMax)
    .flatMap(([, card]) => {
      const fields = lowerKeys(card);
      return fields === null ? [] : [readCard(fields)];
    });
  const system = lowerKeys(root["system"]);
  if (cards.length === 0 && system === null) return null;
  return { driver: toldText(system?.["driver version"]), attached: null, gpus: cards };
}

function readCard(card: Fields): GpuReading {
  const number = (...keys: readonly string[]): number | null => {
    for (const key of keys) {
      const value = decimal(card[key]);
      if (value !== null) return value;
    }
    return null;
  };
  const degrees = (sensor: string): number | null =>
    inCelsius(number(`temperature (sensor ${sensor}) (c)`));
  const percent = within(number("fan speed (%)"), 0, 100);
  const use = within(number("gpu use (%)"), 0, 100);
  return {
    ...unknownGpu,
    vendor: toldText(card["card vendor"]) ?? "AMD",
    model: toldText(card["card series"]) ?? toldText(card["card model"]),
    serial: toldSerial(card["serial number"]),
    uuid: toldSerial(card["unique id"]),
    address: pciAddress(toldText(card["pci bus"])),
    partNumber: toldText(card["card sku"]),
    firmware: toldText(card["vbios version"]),
    powerWatts: within(
      number(
        "current socket graphics package power (w)",
        "average graphics package power (w)",
        "average socket graphics package power (w)",
      ),
      0,
      gpuLimits.watts,
    ),
    powerLimitWatts: within(number("max graphics package power (w)"), 0, gpuLimits.watts),
    temperatureCelsius: degrees("junction") ?? degrees("edge"),
    memoryTemperatureCelsius: degrees("memory"),
    fanRatio: percent === null ? null : percent / 100,
    utilization: use === null ? null : use / 100,
    memoryUsedBytes: count(number("vram total used memory (b)")),
    memoryTotalBytes: count(number("vram total memory (b)")),
    pcieReplays: count(number("pcie replay count")),
  };
}

/**
 * `amd-smi metric --json` and `amd-smi static --json`, in one list of GPUs or below `gpu_data`. A figure
 * is a number, `N/A`, text with a unit, or an object of value and unit. null: no such document.
 */
export function parseAmdSmi(text: string): GpuAnswer | null {
  const root = parseJson(text, "[{");
  const list = Array.isArray(root) ? root : asObject(root)?.["gpu_data"];
  if (!Array.isArray(list)) return null;
  const gpus = list.slice(0, gpusMax).flatMap((entry: unknown) => {
    const gpu = asObject(entry);
    return gpu === null || !("gpu" in gpu) ? [] : [readAmdGpu(gpu)];
  });
  return { driver: driverOf(list[0]), attached: null, gpus };
}

/** Where each tool said what the other left out: the figures of `now`, the facts of `known`. */
export function joinAmd(known: GpuReading | undefined, now: GpuReading): GpuReading {
  if (known === undefined) return now;
  const joined: Record<string, unknown> = { ...now };
  for (const [key, value] of Object.entries(known)) joined[key] ??= value;
  const { temperatureCelsius: temperature, slowdownCelsius: slowdown } =
    joined as unknown as GpuReading;
  const marginCelsius =
    temperature === null || slowdown === null ? null : Math.round(slowdown - temperature);
  return { ...(joined as unknown as GpuReading), marginCelsius };
}

function readAmdGpu(gpu: Fields): GpuReading {
  const at = (path: string): unknown => {
    let found: unknown = gpu;
    for (const step of path.split(".")) found = asObject(found)?.[step];
    return found;
  };
  const first = (...paths: readonly string[]): number | null => {
    for (const path of paths) {
      const value = figure(at(path));
      if (value !== null) return value;
    }
    return null;
  };
  const text = (...paths: readonly string[]): string | null => {
    for (const path of paths) {
      const told = toldText(at(path));
      if (told !== null) return told;
    }
    return null;
  };
  const use = within(first("usage.gfx_activity", "usage.gfx_usage"), 0, 100);
  const fan = within(first("fan.usage"), 0, 100);
  const temperature = inCelsius(first("temperature.hotspot", "temperature.edge"));
  const slowdown = inCelsius(first("limit.slowdown_hotspot_temperature"));
  return {
    ...unknownGpu,
    vendor: text("asic.vendor_name", "board.manufacturer_name") ?? "AMD",
    model: text("asic.market_name", "board.product_name"),
    serial: toldSerial(at("board.product_serial")) ?? toldSerial(at("asic.asic_serial")),
    uuid: toldSerial(at("asic.asic_serial")),
    address: pciAddress(text("bus.bdf")),
    partNumber: text("board.model_number"),
    firmware: text("vbios.version", "ifwi.version"),
    powerWatts: within(
      first("power.socket_power", "power.current_socket_power", "power.average_socket_power"),
      0,
      gpuLimits.watts,
    ),
    powerLimitWatts: within(first("limit.socket_power", "limit.max_power"), 0, gpuLimits.watts),
    temperatureCelsius: temperature,
    memoryTemperatureCelsius: inCelsius(first("temperature.mem")),
    slowdownCelsius: slowdown,
    marginCelsius: temperature === null || slowdown === null ? null : slowdown - temperature,
    fanRatio: fan === null ? null : fan / 100,
    utilization: use === null ? null : use / 100,
    memoryUsedBytes: mebibytes(first("mem_usage.used_vram")),
    memoryTotalBytes: mebibytes(first("mem_usage.total_vram", "vram.size")),
    errors: {
      corrected: count(first("ecc.total_correctable_count")),
      uncorrected: count(first("ecc.total_uncorrectable_count")),
    },
    pcieReplays: count(first("pcie.replay_count")),
    linkWidth: count(first("pcie.width", "pcie.current_lanes")),
    throttle: /^(?:throttled)$/i.test(text("power.throttle_status") ?? "") ? ["throttled"] : [],
    throttleTold: text("power.throttle_status") !== null,
  };
}

function driverOf(entry: unknown): string | null {
  const driver = asObject(asObject(entry)?.["driver"]);
  return toldText(driver?.["version"]) ?? toldText(driver?.["driver_version"]);
}

type Fields = Readonly<Record<string, unknown>>;

/** The JSON that begins at the first of `begins`; undefined: there is none, or it is cut short. */
function parseJson(text: string, begins: string): unknown {
  // A line of noise may hold a bracket of its own: `[WARNING] …`.
  let tries = 0;
  for (const line of text.matchAll(/^[ \t]*([[{])/gm)) {
    if (!begins.includes(line[1] ?? "") || tries >= jsonTriesMax) continue;
    tries += 1;
    try {
      return JSON.parse(text.slice(line.index));
    } catch {
      // Not here; perhaps at a later line.
    }
  }
  return undefined;
}

function asObject(value: unknown): Fields | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : null;
}

function lowerKeys(value: unknown): Fields | null {
  const object = asObject(value);
  if (object === null) return null;
  const entries = Object.entries(object).slice(0, fieldsMax);
  return Object.fromEntries(entries.map(([key, one]) => [key.trim().toLowerCase(), one]));
}

/** 5, "5", "5 W", { value: 5, unit: "W" }; kilo and giga units of memory in MB. */
function figure(value: unknown): number | null {
  const object = asObject(value);
  if (object !== null) {
    const number = decimal(object["value"]);
    return number !== null && object["unit"] === "GB" ? number * 1024 : number;
  }
  if (typeof value !== "string") return decimal(value);
  const [, digits, unit] =
    /^(-?\d{1,15}(?:\.\d{1,6})?) ?(W|C|%|MB|GB|°C)?$/.exec(value.trim()) ?? [];
  if (digits === undefined) return null;
  return unit === "GB" ? Number(digits) * 1024 : Number(digits);
}

function decimal(value: unknown): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "string") return null;
  return /^-?\d{1,15}(?:\.\d{1,6})?$/.test(value.trim()) ? Number(value) : null;
}

function inCelsius(value: number | null): number | null {
  return within(value, gpuLimits.celsiusMin, gpuLimits.celsiusMax);
}

function mebibytes(value: number | null): number | null {
  return value === null ? null : within(Math.round(value * 1024 * 1024), 0, gpuLimits.bytes);
}

function count(value: number | null): number | null {
  return value === null || !Number.isInteger(value) ? null : within(value, 0, gpuLimits.count);
}

const gpusMax = 64;
const fieldsMax = 512;
const jsonTriesMax = 4;
