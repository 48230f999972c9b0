import type { Hello } from "#proto/messages/frames.ts";
import type { Report, SeqRange } from "#proto/messages/report.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { wireLimits } from "#proto/vocabulary/wire-limits.ts";
import { type Goodbye, goodbye } from "./goodbye.ts";
import { mergeSequence } from "./sequence-ranges.ts";
import type { Session, SessionHost } from "./session-host.ts";

/** The reports of one session on their way to the disk, and the acknowledgements back. */
export interface ReportIntake {
  /** null: taken; it is acknowledged once it is on disk. */
  take(report: Report, byteLength: number): Goodbye | null;
  /** What has become durable since the last call, as range lists that each fit one message. */
  takeAcks(): readonly (readonly SeqRange[])[];
}

export function createReportIntake(
  host: SessionHost,
  session: Session,
  about: { readonly hostId: HostId; readonly hello: Hello; readonly log: Log },
): ReportIntake {
  const { telemetry, clock, events, settings } = host.effects;
  const { hostId, hello, log } = about;
  let inFlight = 0;
  let durable: number[] = [];

  const store = async (report: Report): Promise<void> => {
    const outcome = await telemetry.append({
      hostId,
      spoolId: hello.spoolId,
      bootId: hello.bootId,
      receivedMs: clock.nowUnixMs(),
      report,
    });
    // A duplicate is acknowledged as well: the agent repeats it because it missed the first answer.
    durable.push(report.seq);
    host.acksWait(session);
    if (outcome === "appended")
      events.publish({
        kind: "host-telemetry",
        hostId,
        untilMs: unixMs(report.startMs + report.steps * report.stepMs),
      });
  };

  const refusalOf = (error: unknown): Goodbye => {
    switch (codeOf(error)) {
      case "STORE_FULL":
        return goodbye("store-full", "the manager's disk is full", settings.storeFullRetryMs);
      case "STORE_BUSY":
        return goodbye("overloaded", "the manager's disk is behind", settings.retryMs);
      case "REPORT_INVALID":
        return goodbye("message-malformed", String(error), settings.coolOffMs);
    }
    log.error({ err: error }, "a report could not be kept");
    return goodbye("overloaded", "the report could not be kept now", settings.retryMs);
  };

  return {
    take: (report, byteLength) => {
      if (!telemetry.knowsDictionary(report.dictionary))
        return goodbye("message-unexpected", "a report came before its dictionary", 1_000);
      if (inFlight >= settings.reportsInFlightMax || !host.inFlight.enter(byteLength))
        return goodbye("overloaded", "too many reports wait for the disk", settings.retryMs);
      inFlight += 1;
      store(report)
        .catch((error: unknown) => session.end(refusalOf(error)))
        .finally(() => {
          inFlight -= 1;
          host.inFlight.leave(byteLength);
        });
      return null;
    },
    takeAcks: () => {
      const ranges = mergeSequence(durable);
      durable = [];
      const messages: (readonly SeqRange[])[] = [];
      for (let from = 0; from < ranges.length; from += wireLimits.ackRangesMax)
        messages.push(ranges.slice(from, from + wireLimits.ackRangesMax));
      return messages;
    },
  };
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
