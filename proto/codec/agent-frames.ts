import type { DecodeProblem } from "#proto/messages/decode-problem.ts";
import type { AgentMessage } from "#proto/messages/frames.ts";
import type { Dictionary } from "#proto/messages/series.ts";
import { invariant } from "#proto/vocabulary/invariant.ts";
import { ok, type Result } from "#proto/vocabulary/result.ts";
import { wireLimits } from "#proto/vocabulary/wire-limits.ts";
import type { wws } from "#proto/generated/wire.js";
import { outcomeFromWire, outcomeToWire } from "./command-fields.ts";
import { digestFromWire, digestOfEncoded, digestToWire } from "./dictionary-digest.ts";
import { seriesListFromWire, seriesToWire } from "./dictionary-fields.ts";
import { enrolRequestFromWire, enrolRequestToWire } from "./enrolment-fields.ts";
import { plainBytes, requireBody } from "./frame-body.ts";
import { agentFrameShape } from "./frame-shape.ts";
import { heartbeatFromWire, heartbeatToWire, helloFromWire, helloToWire } from "./hello-fields.ts";
import { reportFromWire, reportToWire } from "./report-fields.ts";
import { progressFromWire, progressToWire } from "./order-fields.ts";
import { encodeReportFrame } from "./report-frame.ts";
import { schema } from "./schema.ts";
import { stateFromWire, stateToWire } from "./state-fields.ts";
import { catchProblem, refuse } from "./wire-error.ts";

/** One message of an agent → one frame. */
export function encodeAgentFrame(message: AgentMessage): Uint8Array {
  const fast = message.kind === "report" ? encodeReportFrame(message.report) : null;
  if (fast !== null) return fast;
  return schema.AgentFrame.encode(toWire(message)).finish();
}

export interface AgentFrameExpectations {
  /**
   * The session's dictionary. A report that names it has each column read as its metric's kind and
   * may only use its series.
   */
  readonly dictionary?: Dictionary;
  /** Less than the common limit, for a peer that has not proven who it is. */
  readonly bytesMax?: number;
}

/**
 * Bytes from an agent → a checked message, or why not; never throws. A message of a newer agent is
 * `unknown-message`. Columns and certificates are views of `bytes`, which must not be reused.
 */
export function decodeAgentFrame(
  bytes: Uint8Array,
  expectations: AgentFrameExpectations = {},
): Result<AgentMessage, DecodeProblem> {
  return catchProblem("frame", () => {
    const bytesMax = expectations.bytesMax ?? wireLimits.messageBytesMax;
    const body = requireBody(bytes, agentFrameShape, bytesMax);
    const frame = schema.AgentFrame.decode(plainBytes(bytes));
    if (frame.dictionary) {
      const digest = digestOfEncoded(bytes, body.start, body.end);
      return ok({ kind: "dictionary", dictionary: dictionaryFromWire(frame.dictionary, digest) });
    }
    return ok(fromWire(frame, expectations.dictionary));
  });
}

function toWire(message: AgentMessage): wws.v1.AgentFrame.$Properties {
  switch (message.kind) {
    case "hello":
      return { hello: helloToWire(message.hello) };
    case "dictionary":
      return { dictionary: dictionaryToWire(message.dictionary) };
    case "report":
      return { report: reportToWire(message.report) };
    case "state":
      return { state: stateToWire(message.state) };
    case "outcome":
      return { outcome: outcomeToWire(message.outcome) };
    case "enrol":
      return { enrol: enrolRequestToWire(message.enrol) };
    case "heartbeat":
      return { heartbeat: heartbeatToWire(message.heartbeat) };
    case "order-progress":
      return { orderProgress: progressToWire(message.progress) };
  }
}

function fromWire(
  frame: wws.v1.AgentFrame.$Properties,
  dictionary: Dictionary | undefined,
): AgentMessage {
  const { hello, report, state, outcome, enrol, heartbeat, orderProgress } = frame;
  if (report) return { kind: "report", report: reportFromWire(report, dictionary) };
  if (heartbeat) return { kind: "heartbeat", heartbeat: heartbeatFromWire(heartbeat) };
  if (hello) return { kind: "hello", hello: helloFromWire(hello) };
  if (state) return { kind: "state", state: stateFromWire(state) };
  if (outcome) return { kind: "outcome", outcome: outcomeFromWire(outcome) };
  if (enrol) return { kind: "enrol", enrol: enrolRequestFromWire(enrol) };
  if (orderProgress) {
    return { kind: "order-progress", progress: progressFromWire(orderProgress) };
  }
  return refuse("unknown-message", "frame", "no message in it is one of ours");
}

function dictionaryToWire(dictionary: Dictionary): wws.v1.Dictionary.$Properties {
  const series = dictionary.series.map((entry) => {
    invariant(entry !== null, "only the agent that made a dictionary can say it");
    return seriesToWire(entry);
  });
  return { digest: digestToWire(dictionary.digest), series };
}

function dictionaryFromWire(
  fields: wws.v1.Dictionary.$Properties,
  digest: Dictionary["digest"],
): Dictionary {
  if (digestFromWire(fields.digest) !== digest) {
    refuse("checksum-wrong", "dictionary.digest", "the entries are not those of the digest");
  }
  return { digest, series: seriesListFromWire(fields.series) };
}
