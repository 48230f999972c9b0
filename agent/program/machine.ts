import { createCollectors } from "#agent/collectors/create-collectors.ts";
import type { Collector, SampleSink } from "#agent/collectors/collector.ts";
import type { AgentConfig } from "#agent/config/agent-config.ts";
import { openLiveSource } from "#agent/hardware/live.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { type BootId, newUuidV7, parseUuid } from "#proto/vocabulary/ids.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Random } from "#proto/vocabulary/random.ts";

/** The machine that this process looks at. */
export interface Machine {
  readonly bootId: BootId;
  readonly createCollectors: (sink: SampleSink) => readonly Collector[];
}

export function openMachine(
  config: AgentConfig,
  effects: { readonly clock: Clock; readonly random: Random; readonly log: Log },
): Machine {
  const { clock, random, log } = effects;
  const source = openLiveSource({ root: config.root });
  const text = source.readText("/proc/sys/kernel/random/boot_id");
  const parsed = text.ok ? parseUuid<BootId>(text.value.trim()) : null;
  return {
    // A fake root may have none; then each run counts as a boot of its own.
    bootId: parsed?.ok ? parsed.value : newUuidV7<BootId>(clock.nowUnixMs(), random),
    createCollectors: (sink) =>
      createCollectors({ source, sink, clock, log: log.child({ component: "collectors" }) }),
  };
}
