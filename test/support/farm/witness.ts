import type { LinkTransport } from "#agent/link/transport.ts";
import { decodeAgentFrame } from "#proto/codec/agent-frames.ts";
import { unpackColumn } from "#proto/codec/columns.ts";
import { decodeManagerFrame } from "#proto/codec/manager-frames.ts";
import type { Gap, Report, SeqRange } from "#proto/messages/report.ts";
import { type Dictionary, scaleOf } from "#proto/messages/series.ts";
import { metrics } from "#proto/vocabulary/metrics.ts";

/** One series of one host: metric and attributes, and what its points were at each time. */
export interface WitnessedSeries {
  readonly metric: string;
  readonly attributes: string;
  /** Time → every value that was sent for it, in the metric's unit. */
  readonly sent: Map<number, Set<number>>;
  /** Times whose point was acknowledged. */
  readonly acknowledged: Set<number>;
}

/** Stands on the agent's side of the wire and remembers what was said and what was acknowledged. */
export interface Witness {
  readonly transport: LinkTransport;
  series(): readonly WitnessedSeries[];
  gaps(): readonly Gap[];
  readonly acknowledgedReports: () => number;
  /** From the last sending of each report to its acknowledgement. */
  ackMs(): readonly number[];
}

/** A manager that knows a dictionary from one host asks no other: witnesses share what they saw. */
export type SeenDictionaries = Map<string, Dictionary>;

export function createWitness(
  transport: LinkTransport,
  effects: { readonly nowMs: () => number; readonly dictionaries: SeenDictionaries },
): Witness {
  const { nowMs, dictionaries } = effects;
  const series = new Map<string, WitnessedSeries>();
  const gaps: Gap[] = [];
  /** By spool, by sequence number: what the report held. */
  const reports = new Map<string, Map<number, readonly [WitnessedSeries, number][]>>();
  const acknowledged = new Set<string>();
  const sentAt = new Map<string, number>();
  const ackMs: number[] = [];

  const noteReport = (spool: string, report: Report): void => {
    const known = reports.get(spool) ?? new Map();
    reports.set(spool, known);
    const key = `${spool} ${report.seq}`;
    if (acknowledged.has(key)) return;
    sentAt.set(key, nowMs());
    if (known.has(report.seq)) return;
    gaps.push(...report.gaps);
    const points: [WitnessedSeries, number][] = [];
    const dictionary = dictionaries.get(report.dictionary);
    if (dictionary === undefined) throw new Error("a report came before its dictionary");
    for (const column of report.columns) {
      const about = dictionary.series[column.series];
      if (about === undefined || about === null) throw new Error("a column of no series");
      const { kind } = metrics[about.metric];
      const attributes = JSON.stringify(about.attributes.map(({ key, value }) => [key, value]));
      const name = `${about.metric} ${attributes}`;
      const track = series.get(name) ?? {
        metric: about.metric,
        attributes,
        sent: new Map(),
        acknowledged: new Set(),
      };
      series.set(name, track);
      const values = unpackColumn(column, report.steps, kind);
      for (let step = 0; step < report.steps; step += 1) {
        const integer = values[step];
        if (integer === undefined || Number.isNaN(integer)) continue;
        const at = report.startMs + step * report.stepMs;
        const ofTime = track.sent.get(at) ?? new Set();
        track.sent.set(at, ofTime.add(integer * scaleOf(about)));
        points.push([track, at]);
      }
    }
    known.set(report.seq, points);
  };

  const noteAcknowledged = (spool: string, ranges: readonly SeqRange[]): void => {
    const known = reports.get(spool);
    if (known === undefined) return;
    for (const [seq, points] of known) {
      if (!ranges.some(({ first, last }) => seq >= first && seq <= last)) continue;
      const key = `${spool} ${seq}`;
      acknowledged.add(key);
      ackMs.push(nowMs() - (sentAt.get(key) ?? Number.NaN));
      sentAt.delete(key);
      known.delete(seq);
      for (const [track, at] of points) track.acknowledged.add(at);
    }
  };

  return {
    series: () => [...series.values()],
    gaps: () => gaps,
    acknowledgedReports: () => acknowledged.size,
    ackMs: () => ackMs,
    transport: {
      connect(target, handlers) {
        let spool = "";
        const connection = transport.connect(target, {
          ...handlers,
          onMessage(bytes) {
            const frame = decodeManagerFrame(bytes);
            if (frame.ok && frame.value.kind === "ack")
              noteAcknowledged(spool, frame.value.ack.ranges);
            if (frame.ok && frame.value.kind === "welcome")
              noteAcknowledged(spool, frame.value.welcome.acknowledged);
            handlers.onMessage(bytes);
          },
          onOpen: () => handlers.onOpen(),
          onClose: (reason) => handlers.onClose(reason),
        });
        return {
          bufferedBytes: () => connection.bufferedBytes(),
          close: (code, detail) => connection.close(code, detail),
          send(bytes) {
            const frame = decodeAgentFrame(bytes);
            if (!frame.ok)
              throw new Error(
                `an agent sent what does not decode: ${JSON.stringify(frame.problem)}`,
              );
            if (frame.value.kind === "hello") spool = frame.value.hello.spoolId;
            if (frame.value.kind === "dictionary")
              dictionaries.set(frame.value.dictionary.digest, frame.value.dictionary);
            if (frame.value.kind === "report") noteReport(spool, frame.value.report);
            connection.send(bytes);
          },
        };
      },
    },
  };
}
