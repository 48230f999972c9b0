import type { Asker, LifeRefusal } from "#fleet/lifecycle/lifecycle.ts";
import type { AlertId, SilenceId } from "#proto/vocabulary/ids.ts";
import type { Result } from "#proto/vocabulary/result.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import type { AlertRecord } from "./alert.ts";
import type { ChannelView } from "./channel-run.ts";
import type { DeliveryRecord, SendOutcome } from "./delivery.ts";
import type { SilenceRecord } from "./silence.ts";

/** Where people see what is wrong and say that they have seen it. Built by `createAlerts`. */
export interface AlertDesk {
  /** Open and acknowledged, oldest first; of a manager that does not lead, as the leader wrote them. */
  open(): Promise<readonly AlertRecord[]>;
  /** Newest first. */
  resolved(ask: {
    readonly before: AlertId | null;
    readonly limit: number;
  }): Promise<readonly AlertRecord[]>;
  find(
    id: AlertId,
  ): Promise<
    { readonly alert: AlertRecord; readonly deliveries: readonly DeliveryRecord[] } | undefined
  >;
  /** Somebody has looked: it is told no more. Of a domain event: automation goes on there. */
  acknowledge(id: AlertId, asker: Asker): Promise<Result<AlertRecord, LifeRefusal>>;
  /** `selector` as parseAlertSelector takes it; the problem says what is wrong with what was asked. */
  silence(
    ask: { readonly selector: string; readonly untilMs: UnixMs },
    asker: Asker,
  ): Promise<Result<SilenceRecord, LifeRefusal | SilenceProblem>>;
  silences(): Promise<readonly SilenceRecord[]>;
  endSilence(id: SilenceId, asker: Asker): Promise<Result<SilenceRecord, LifeRefusal>>;
  channels(): readonly ChannelView[];
  /** Sends a test through each channel, and waits for what each says. */
  test(
    asker: Asker,
  ): Promise<Result<readonly (SendOutcome & { readonly channel: string })[], LifeRefusal>>;
}

export interface SilenceProblem {
  readonly kind: "invalid";
  readonly words: string;
  readonly hint: string;
}
