/** What a GPU's own tool says of one GPU. null: not said, `N/A`, or beyond what can be. */
export interface GpuReading {
  readonly vendor: string | null;
  readonly model: string | null;
  readonly serial: string | null;
  /** Stays with the card: UUID at NVIDIA, Unique ID at AMD. */
  readonly uuid: string | null;
  /** On PCI, as the kernel writes it: `0000:3b:00.0`. */
  readonly address: string | null;
  readonly partNumber: string | null;
  /** Of the video BIOS. */
  readonly firmware: string | null;
  /** Of the GPU alone, the moment's where the driver tells moment and mean apart. */
  readonly powerWatts: number | null;
  /** Of a module that holds more than the GPU (Grace Hopper): never added to `powerWatts`. */
  readonly modulePowerWatts: number | null;
  readonly powerLimitWatts: number | null;
  readonly temperatureCelsius: number | null;
  readonly memoryTemperatureCelsius: number | null;
  /** Where it begins to slow down. */
  readonly slowdownCelsius: number | null;
  /** Below that point, by the driver's own word or by both figures. */
  readonly marginCelsius: number | null;
  readonly fanRatio: number | null;
  readonly utilization: number | null;
  readonly memoryUsedBytes: number | null;
  readonly memoryTotalBytes: number | null;
  readonly errors: GpuErrors;
  readonly retiredPages: GpuRetiredPages | null;
  readonly remappedRows: GpuRemappedRows | null;
  readonly pcieReplays: number | null;
  readonly linkGeneration: number | null;
  readonly linkWidth: number | null;
  /** Why it runs slower than it could: heat and power alone, not idling. */
  readonly throttle: readonly string[];
  /** null: the driver does not say whether. */
  readonly throttleTold: boolean;
  /** The driver wants the GPU or the host started anew. */
  readonly needsReset: boolean | null;
  readonly migDevices: number | null;
  /** NVIDIA: false means that each call loads the driver anew, which takes seconds and watts. */
  readonly persistent: boolean | null;
}

/** Over the card's life where it counts so, else since the driver was loaded. */
export interface GpuErrors {
  readonly corrected: number | null;
  readonly uncorrected: number | null;
}

export interface GpuRetiredPages {
  readonly single: number | null;
  readonly double: number | null;
  readonly pending: boolean | null;
}

export interface GpuRemappedRows {
  readonly corrected: number | null;
  readonly uncorrected: number | null;
  readonly pending: boolean | null;
  readonly failed: boolean | null;
}

export interface GpuAnswer {
  readonly driver: string | null;
  /** How many the driver says there are; may be more than are told of. */
  readonly attached: number | null;
  readonly gpus: readonly GpuReading[];
}

export const unknownGpu: GpuReading = {
  vendor: null,
  model: null,
  serial: null,
  uuid: null,
  address: null,
  partNumber: null,
  firmware: null,
  powerWatts: null,
  modulePowerWatts: null,
  powerLimitWatts: null,
  temperatureCelsius: null,
  memoryTemperatureCelsius: null,
  slowdownCelsius: null,
  marginCelsius: null,
  fanRatio: null,
  utilization: null,
  memoryUsedBytes: null,
  memoryTotalBytes: null,
  errors: { corrected: null, uncorrected: null },
  retiredPages: null,
  remappedRows: null,
  pcieReplays: null,
  linkGeneration: null,
  linkWidth: null,
  throttle: [],
  throttleTold: false,
  needsReset: null,
  migDevices: null,
  persistent: null,
};

/** `00000000:3B:00.0` → `0000:3b:00.0`. */
export function pciAddress(text: string | null | undefined): string | null {
  const [, domain, rest] =
    /^([0-9a-f]{4,8}):([0-9a-f]{2}:[0-9a-f]{2}\.[0-7])$/i.exec(text ?? "") ?? [];
  if (domain === undefined || rest === undefined) return null;
  const short = domain.length > 4 && /^0+$/.test(domain.slice(0, -4)) ? domain.slice(-4) : domain;
  return `${short}:${rest}`.toLowerCase();
}

/** Text that says something: `N/A`, `[Not Supported]` and words of that kind are null. */
export function toldText(text: unknown): string | null {
  if (typeof text !== "string") return null;
  const trimmed = text.trim().slice(0, textLengthMax);
  if (trimmed === "" || /^\[.*\]$/.test(trimmed) || emptyForm.test(trimmed)) return null;
  return trimmed;
}

/** A serial: the same, and no run of zeros. */
export function toldSerial(text: unknown): string | null {
  const told = toldText(text);
  return told === null || /^(?:0x)?0+$/i.test(told) ? null : told;
}

/** A number within what can be; null for all else. */
export function within(value: number | null, min: number, max: number): number | null {
  return value !== null && Number.isFinite(value) && value >= min && value <= max ? value : null;
}

/** Limits of one GPU. The largest modules of 2026 draw 2.7 kW. */
export const gpuLimits = {
  watts: 3_000,
  celsiusMin: -40,
  celsiusMax: 150,
  bytes: 16 * 2 ** 40,
  count: Number.MAX_SAFE_INTEGER,
} as const;

const textLengthMax = 96;
const emptyForm =
  /^(?:n\/?a|none|null|unknown(?: error)?|not supported|err!?|-+|requested functionality has been deprecated|gpu requires reset)$/i;
