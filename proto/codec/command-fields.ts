import type { Command, CommandOutcome } from "#proto/messages/frames.ts";
import { toWireText } from "#proto/vocabulary/wire-text.ts";
import type { wws } from "#proto/generated/wire.js";
import { enumWords } from "./enum-words.ts";
import { factText, requiredText, timeOfDay, wholeNumber } from "./field-checks.ts";
import { evidenceFromWire, evidenceToWire, orderFromWire, orderToWire } from "./order-fields.ts";

const results = enumWords<CommandOutcome["result"]>("unspecified", {
  unspecified: 0,
  done: 1,
  refused: 2,
  failed: 3,
});

export function commandToWire(command: Command): wws.v1.Command.$Properties {
  const fields = { id: command.id, term: command.term, expiresUnixMs: command.expiresMs };
  const { action } = command;
  switch (action.kind) {
    case "send-state":
      return { ...fields, sendState: {} };
    case "set-report-interval":
      return { ...fields, setReportInterval: { reportIntervalMs: action.reportIntervalMs } };
    case "order":
      return { ...fields, order: orderToWire(action.order) };
    case "unknown":
      return fields;
  }
}

/** An action of a newer manager is `unknown`: the agent refuses it by name and goes on. */
export function commandFromWire(fields: wws.v1.Command.$Properties): Command {
  return {
    id: requiredText(fields.id, "command.id"),
    term: wholeNumber(fields.term, "command.term"),
    expiresMs: timeOfDay(fields.expiresUnixMs, "command.expires_unix_ms"),
    action: actionFromWire(fields),
  };
}

function actionFromWire(fields: wws.v1.Command.$Properties): Command["action"] {
  if (fields.setReportInterval) {
    const where = "command.set_report_interval.report_interval_ms";
    const { reportIntervalMs } = fields.setReportInterval;
    return {
      kind: "set-report-interval",
      reportIntervalMs: wholeNumber(reportIntervalMs, where, { min: 1 }),
    };
  }
  if (fields.order) return { kind: "order", order: orderFromWire(fields.order) };
  return fields.sendState ? { kind: "send-state" } : { kind: "unknown" };
}

export function outcomeToWire(outcome: CommandOutcome): wws.v1.CommandOutcome.$Properties {
  return {
    commandId: outcome.commandId,
    result: results.toNumber(outcome.result),
    detail: toWireText(outcome.detail),
    ...(outcome.evidence === null ? {} : { evidence: evidenceToWire(outcome.evidence) }),
  };
}

export function outcomeFromWire(fields: wws.v1.CommandOutcome.$Properties): CommandOutcome {
  return {
    commandId: requiredText(fields.commandId, "outcome.command_id"),
    result: results.toWord(fields.result),
    detail: factText(fields.detail, "outcome.detail"),
    evidence: fields.evidence ? evidenceFromWire(fields.evidence) : null,
  };
}
