import type { Absence } from "#proto/messages/state.ts";
import type { MetricName } from "#proto/vocabulary/metrics.ts";
import { absent } from "./absences.ts";
import type { SampleSink, SeriesHandle } from "./collector.ts";
import { gpuId } from "./gpu-component.ts";
import type { GpuReading } from "./gpu-reading.ts";

/** The series of GPUs: declared when a figure is first there, set by each reading. */
export class GpuSeries {
  readonly #sink: SampleSink;
  readonly #handles = new Map<string, SeriesHandle>();

  constructor(sink: SampleSink) {
    this.#sink = sink;
  }

  /** Sets what was read; tells of a GPU that was there before and gives nothing any more. */
  put(gpus: readonly GpuReading[], cadenceMs: number): readonly Absence[] {
    const absences: Absence[] = [];
    for (const gpu of gpus) {
      const id = gpuId(gpu);
      if (id === null) continue;
      for (const { metric, value, exponent, attributes } of figuresOf(gpu)) {
        if (value === null) continue;
        const of = { ...attributes, ...attributesOf(gpu, id) };
        const key = JSON.stringify([metric, of]);
        let handle = this.#handles.get(key);
        if (handle === undefined) {
          handle = this.#sink.declare({ metric, attributes: of, exponent, cadenceMs });
          this.#handles.set(key, handle);
        }
        this.#sink.set(handle, Math.round(value * 10 ** -exponent));
      }
      if (gpu.needsReset === true)
        absences.push(
          absent({
            what: "hw.gpu.utilization",
            attributes: { "hw.id": id },
            reason: "tool-failed",
            detail: `${gpu.address ?? id}: the driver asks for a reset; nvidia-smi --gpu-reset, or reboot`,
          }),
        );
    }
    return absences;
  }

  /** What a person would look for and a GPU does not tell. */
  missing(gpus: readonly GpuReading[], attached: number | null): readonly Absence[] {
    const absences = gpus.flatMap((gpu) => {
      const id = gpuId(gpu);
      const attributes = id === null ? {} : { "hw.id": id };
      return wanted.flatMap(([what, isThere, why]) =>
        isThere(gpu)
          ? []
          : [absent({ what, attributes, reason: "not-supported", detail: `${gpu.model}: ${why}` })],
      );
    });
    if (attached !== null && attached > gpus.length)
      absences.push(
        absent({
          what: "components.gpu",
          reason: "read-failed",
          detail: `the driver counts ${attached} GPUs and tells of ${gpus.length}`,
        }),
      );
    return absences;
  }
}

interface Figure {
  readonly metric: MetricName;
  readonly value: number | null;
  readonly exponent: number;
  readonly attributes?: Readonly<Record<string, string>>;
}

function figuresOf(gpu: GpuReading): readonly Figure[] {
  const errors = (type: string, value: number | null | undefined): Figure => ({
    metric: "hw.errors",
    value: value ?? null,
    exponent: 0,
    attributes: { "error.type": type },
  });
  const sum = (a: number | null | undefined, b: number | null | undefined): number | null =>
    a == null && b == null ? null : (a ?? 0) + (b ?? 0);
  return [
    {
      metric: "hw.power",
      value: gpu.powerWatts,
      exponent: -1,
      // The same watts stand in the host's figure: another source, so that nobody adds them.
      attributes: { "wws.power.source": "gpu" },
    },
    { metric: "hw.temperature", value: gpu.temperatureCelsius, exponent: -1 },
    { metric: "hw.temperature.margin", value: gpu.marginCelsius, exponent: -1 },
    { metric: "hw.gpu.utilization", value: gpu.utilization, exponent: -4 },
    { metric: "hw.gpu.memory.usage", value: gpu.memoryUsedBytes, exponent: 0 },
    { metric: "hw.gpu.memory.limit", value: gpu.memoryTotalBytes, exponent: 0 },
    { metric: "hw.fan.speed_ratio", value: gpu.fanRatio, exponent: -4 },
    {
      metric: "wws.gpu.throttled",
      value: gpu.throttleTold ? (gpu.throttle.length > 0 ? 1 : 0) : null,
      exponent: 0,
    },
    errors("corrected", gpu.errors.corrected),
    errors("uncorrected", gpu.errors.uncorrected),
    errors("pcie_replay", gpu.pcieReplays),
    errors("retired_page", sum(gpu.retiredPages?.single, gpu.retiredPages?.double)),
    errors("remapped_row", sum(gpu.remappedRows?.corrected, gpu.remappedRows?.uncorrected)),
    errors(
      "row_remap_failure",
      gpu.remappedRows?.failed == null ? null : gpu.remappedRows.failed ? 1 : 0,
    ),
  ];
}

function attributesOf(gpu: GpuReading, id: string): Readonly<Record<string, string>> {
  const name = gpu.model === null ? {} : { "hw.name": gpu.model };
  return { "hw.id": id, "hw.type": "gpu", "hw.parent": gpu.address ?? "pci", ...name };
}

const wanted: readonly (readonly [what: string, is: (gpu: GpuReading) => boolean, why: string])[] =
  [
    ["hw.power", ({ powerWatts }) => powerWatts !== null, "it has no power sensor"],
    [
      "hw.gpu.utilization",
      ({ utilization }) => utilization !== null,
      "it tells none, as every GPU that is split (MIG)",
    ],
    [
      "hw.errors",
      ({ errors }) => errors.uncorrected !== null,
      "no ECC counts; where the card has ECC: nvidia-smi -e 1, then reboot",
    ],
  ];
