import { wireLimits } from "#proto/vocabulary/wire-limits.ts";
import { FieldWalker, wireType } from "./field-walker.ts";
import { refuse } from "./wire-error.ts";

/**
 * How often each part of a message may occur, by field number of proto/schema/agent.proto: whatever
 * would become an object or an entry of a list is counted before it becomes one.
 */
export interface MessageShape {
  readonly [field: number]: {
    readonly name: string;
    readonly max: number;
    readonly inside?: MessageShape;
  };
}

/** Holds a message against its shape. Throws WireError with the path of what is wrong. */
export function requireShape(
  bytes: Uint8Array,
  start: number,
  end: number,
  shape: MessageShape,
  where: string,
): void {
  const walker = new FieldWalker(bytes, start, end, where || "frame");
  const counts: Record<number, number> = {};
  while (walker.next()) {
    const part = walker.type === wireType.bytes ? shape[walker.field] : undefined;
    if (part === undefined) continue;
    const count = (counts[walker.field] ?? 0) + 1;
    counts[walker.field] = count;
    const path = where === "" ? part.name : `${where}.${part.name}`;
    if (count > part.max) refuse("limit-exceeded", path, `there are more than ${part.max}`);
    if (part.inside) {
      requireShape(bytes, walker.valueStart, walker.valueEnd, part.inside, path);
    }
  }
}

const identity: MessageShape = {
  17: { name: "processor", max: 1 },
  19: { name: "components", max: wireLimits.componentsPerStateMax },
};
const attributes = { name: "attributes", max: wireLimits.attributesPerSeriesMax };

const workloads = { name: "workloads", max: wireLimits.workloadsPerHostMax };

export const agentFrameShape: MessageShape = {
  1: { name: "hello", max: 1 },
  2: {
    name: "dictionary",
    max: 1,
    inside: {
      2: { name: "series", max: wireLimits.seriesPerMessageMax, inside: { 6: attributes } },
    },
  },
  3: {
    name: "report",
    max: 1,
    inside: {
      7: { name: "columns", max: wireLimits.seriesPerMessageMax },
      8: { name: "gaps", max: wireLimits.gapsPerReportMax },
    },
  },
  4: {
    name: "state",
    max: 1,
    inside: {
      3: { name: "identity", max: 1, inside: identity },
      4: { name: "collectors", max: wireLimits.collectorsPerStateMax },
      5: { name: "absences", max: wireLimits.absencesPerStateMax, inside: { 2: attributes } },
      7: {
        name: "boot",
        max: 1,
        inside: {
          2: { name: "pstore", max: wireLimits.bootRecordsMax },
          3: { name: "sel", max: wireLimits.bootRecordsMax },
        },
      },
    },
  },
  5: {
    name: "outcome",
    max: 1,
    inside: {
      4: {
        name: "evidence",
        max: 1,
        inside: {
          3: workloads,
          4: { name: "tenant_mounts", max: wireLimits.workloadsPerHostMax },
          5: { name: "unasked", max: wireLimits.unaskedPerHostMax },
        },
      },
    },
  },
  6: { name: "enrol", max: 1, inside: { 4: { name: "identity", max: 1, inside: identity } } },
  7: { name: "heartbeat", max: 1 },
  8: { name: "order_progress", max: 1, inside: { 4: workloads } },
};

const certificates = { name: "certificate_chain", max: wireLimits.certificatesPerChainMax };

export const managerFrameShape: MessageShape = {
  1: {
    name: "welcome",
    max: 1,
    inside: { 11: { name: "acknowledged", max: wireLimits.ackRangesMax }, 12: certificates },
  },
  2: { name: "ack", max: 1, inside: { 1: { name: "ranges", max: wireLimits.ackRangesMax } } },
  3: { name: "state_ack", max: 1 },
  4: {
    name: "command",
    max: 1,
    inside: {
      10: { name: "send_state", max: 1 },
      11: { name: "set_report_interval", max: 1 },
      12: {
        name: "order",
        max: 1,
        inside: {
          10: { name: "fence", max: 1 },
          11: { name: "evacuate", max: 1 },
          12: { name: "halt_evacuation", max: 1 },
          13: { name: "prove_empty", max: 1 },
          14: { name: "release", max: 1 },
          15: { name: "reboot", max: 1 },
        },
      },
    },
  },
  5: { name: "refusal", max: 1 },
  6: {
    name: "enrol",
    max: 1,
    inside: {
      1: { name: "issued", max: 1, inside: { 4: certificates } },
      2: { name: "pending", max: 1 },
    },
  },
};
