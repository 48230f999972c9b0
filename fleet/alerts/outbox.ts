import { createChannelRun, type ChannelRun, type ChannelView } from "./channel-run.ts";
import type { Batch, Channel, DeliveryRecord, SendOutcome } from "./delivery.ts";
import type { OutboxEffects } from "./outbox-effects.ts";

/** What is on its way out of the house. One channel that fails holds up no other, and nothing else. */
export interface Outbox {
  /** After a start or a take-over: what was written down and nobody knows to be sent is sent. */
  begin(): Promise<void>;
  /** They are on disk already. */
  add(deliveries: readonly DeliveryRecord[]): void;
  views(): readonly ChannelView[];
  /** Sends a test through each, at once and beside what waits; in the order of the channels. */
  test(make: (channel: Channel) => Batch): Promise<readonly (SendOutcome & { channel: string })[]>;
  stop(): Promise<void>;
}

export function createOutbox(channels: readonly Channel[], effects: OutboxEffects): Outbox {
  const runs = new Map<string, ChannelRun>(
    channels.map((channel) => [channel.name, createChannelRun(channel, effects)]),
  );
  return {
    async begin() {
      const byChannel = new Map<string, DeliveryRecord[]>();
      for (const delivery of await effects.store.listWaiting())
        byChannel.set(delivery.channel, [...(byChannel.get(delivery.channel) ?? []), delivery]);
      for (const [name, run] of runs) await run.begin(byChannel.get(name) ?? []);
      const gone = [...byChannel.keys()].filter((name) => !runs.has(name));
      if (gone.length > 0)
        effects.log.warn({ channels: gone }, "messages wait for channels that are not configured");
    },
    add(deliveries) {
      for (const delivery of deliveries) runs.get(delivery.channel)?.add(delivery);
    },
    views: () => [...runs.values()].map((run) => run.view()),
    test: (make) =>
      Promise.all(
        channels.map(async (channel) => {
          const outcome = await channel.send(make(channel));
          runs.get(channel.name)?.noteTest(outcome);
          return { channel: channel.name, ...outcome };
        }),
      ),
    async stop() {
      for (const run of runs.values()) await run.stop();
    },
  };
}
