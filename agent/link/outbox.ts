import type { Command, CommandOutcome, Heartbeat, Hello, Welcome } from "#proto/messages/frames.ts";
import type { OrderProgress } from "#proto/messages/orders.ts";
import type { SeqRange } from "#proto/messages/report.ts";
import type { Dictionary } from "#proto/messages/series.ts";
import type { HostState } from "#proto/messages/state.ts";
import type { DictionaryDigest } from "#proto/vocabulary/ids.ts";

/** Where the link takes reports from. They stay there until the manager has them on disk. */
export interface Outbox {
  /** Lowest number held, or the next one. */
  oldestSeq(): number;
  /** The number that the next report gets. */
  nextSeq(): number;
  find(seq: number): OutgoingReport | undefined;
  dictionary(digest: DictionaryDigest): Dictionary | undefined;
  acknowledge(ranges: readonly SeqRange[]): void;
  /** A report that the manager's limit does not let through: it goes, and a gap is told. */
  discard(seq: number): void;
}

export interface OutgoingReport {
  readonly seq: number;
  readonly dictionary: DictionaryDigest;
  readonly byteLength: number;
  frame(): Uint8Array;
}

/** What the link asks of the agent, and tells it. */
export interface LinkWork {
  readonly outbox: Outbox;
  hello(): Hello;
  heartbeat(): Heartbeat;
  /** The newest state; null while there is none yet. */
  state(): HostState | null;
  /** A session begins. `roundTripMs` from hello to here. */
  welcomed(welcome: Welcome, roundTripMs: number): void;
  setReportInterval(reportIntervalMs: number): void;
  /** Answers at once or much later; of no use to a session that is over by then. */
  command(command: Command, answer: (outcome: CommandOutcome) => void): void;
  /** How an evacuation gets on, where that was not sent yet. */
  takeProgress(): OrderProgress | null;
}
