import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import type { Absence, Component } from "#proto/messages/state.ts";
import type { MonotonicMs } from "#proto/vocabulary/units.ts";
import { problemOf } from "./absences.ts";
import type { Collector, SampleSink } from "./collector.ts";
import { gpuComponent } from "./gpu-component.ts";
import { findGpuMakers } from "./gpu-devices.ts";
import { GpuSeries } from "./gpu-series.ts";
import { type GpuTool, nvidiaTool, amdTool } from "./gpu-tools.ts";
import { StickyAbsences } from "./sticky-absences.ts";
import { unlookedParts } from "./unlooked-parts.ts";

/**
 * GPUs by their makers' own tools: draw, heat, load, memory, errors, what slows them down.
 * Source: `nvidia-smi -q -x`; `amd-smi metric --json`, or `rocm-smi` where that is not there. Each call
 * is a child process that takes 0.05 to 2 s, so it runs every 10 s; every minute where a driver without
 * persistence starts the GPUs anew for each call, which costs watts of its own. Without a GPU of these
 * makers on PCI no tool is started at all.
 */
export function createGpuCollector(source: HardwareSource, sink: SampleSink): Collector {
  const found = new StickyAbsences();
  const collected = new StickyAbsences();
  const series = new GpuSeries(sink);
  let tools: readonly GpuTool[] = [];
  let isBusy = false;
  let dueAt = Number.NEGATIVE_INFINITY;
  let everyMs = gpuCadenceMs;
  let waitMs = 0;

  const look = async (): Promise<readonly Absence[]> => {
    const absences: Absence[] = [];
    for (const tool of tools) {
      const answer = await tool.read();
      if (answer.ok) absences.push(...series.put(answer.value.gpus, everyMs));
      else absences.push(answer.problem);
    }
    return absences;
  };

  return {
    subject: "gpu",
    cadenceMs: gpuCadenceMs,
    async discover() {
      const { makers, absence } = findGpuMakers(source);
      if (absence !== null) {
        tools = [];
        return { absences: [absence] };
      }
      const wanted = [
        ...(makers.has("nvidia") ? [nvidiaTool(source)] : []),
        ...(makers.has("amd") ? [amdTool(source)] : []),
      ];
      const absences: Absence[] = [];
      const components: Component[] = [];
      const working: GpuTool[] = [];
      let isPersistent = true;
      for (const tool of wanted) {
        const answer = await tool.discover();
        if (!answer.ok) {
          // A GPU that makes its tool hang is still in its slot.
          absences.push(answer.problem, ...unlookedParts(["gpu"], answer.problem));
          continue;
        }
        working.push(tool);
        absences.push(...series.missing(answer.value.gpus, answer.value.attached));
        components.push(...answer.value.gpus.map(gpuComponent));
        if (answer.value.gpus.some(({ persistent }) => persistent === false)) isPersistent = false;
      }
      everyMs = isPersistent ? gpuCadenceMs : gpuSlowCadenceMs;
      tools = working;
      return {
        absences: found.hold(absences),
        ...(components.length === 0 ? {} : { identity: { components } }),
      };
    },
    async collect(at: MonotonicMs) {
      if (isBusy || tools.length === 0 || at < dueAt) return null;
      isBusy = true;
      dueAt = at + everyMs - gpuCadenceMs / 2;
      try {
        const absences = await look();
        // A GPU that fell off the bus makes its tool hang: each time it is left alone for longer.
        const isLate = absences.some(({ reason }) => reason === "timed-out");
        waitMs = isLate ? Math.min(waitMsMax, Math.max(waitMsMin, 2 * waitMs)) : 0;
        dueAt += waitMs;
        return problemOf(collected.hold(absences));
      } finally {
        isBusy = false;
      }
    },
    close: () => {},
  };
}

export const gpuCadenceMs = 10_000;
export const gpuSlowCadenceMs = 60_000;
const waitMsMin = 30_000;
const waitMsMax = 15 * 60_000;
