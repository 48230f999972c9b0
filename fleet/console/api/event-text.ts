import type { EventTopic } from "#fleet/api/event-topics.ts";

/** What the manager's stream says: something changed, or everything must be fetched again. */
export type LiveEvent =
  | { readonly kind: "hello" | "reset" }
  | { readonly kind: HostlessTopic }
  | { readonly kind: "plan-changed"; readonly planId: string }
  | { readonly kind: HostTopic; readonly hostId: string };

/** What is not about one host. */
type HostlessTopic =
  | "pending-changed"
  | "domain-event"
  | "alert-changed"
  | "cell-changed"
  | "freeze-changed";
type HostTopic = Exclude<EventTopic, HostlessTopic | "plan-changed">;

export interface StreamMessage {
  readonly id: string | null;
  /** null: an event of a newer manager, or one that cannot be read; it is passed over. */
  readonly event: LiveEvent | null;
}

export interface EventTextReader {
  /** Takes the next piece of text, cut anywhere; gives the messages that it completes. */
  push(text: string): readonly StreamMessage[];
}

const textLengthMax = 1_000_000;

/** Reads Server-Sent Events (WHATWG HTML, section 9.2). Comments and `retry` are passed over. */
export function createEventTextReader(): EventTextReader {
  let rest = "";
  return {
    push(text) {
      rest += text.replaceAll("\r\n", "\n");
      const blocks = rest.split("\n\n");
      rest = blocks.pop() ?? "";
      // A block that never ends is not one of ours.
      if (rest.length > textLengthMax) rest = "";
      return blocks.flatMap(readBlock);
    },
  };
}

function readBlock(block: string): readonly StreamMessage[] {
  const fields = new Map<string, string>();
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    if (colon <= 0) continue;
    fields.set(line.slice(0, colon), line.slice(colon + 1).replace(/^ /, ""));
  }
  const data = fields.get("data");
  if (data === undefined) return [];
  return [{ id: fields.get("id") ?? null, event: readEvent(data) }];
}

const hostKinds: Readonly<Record<HostTopic, true>> = {
  "host-changed": true,
  "host-removed": true,
  "host-state": true,
  "link-changed": true,
  "host-telemetry": true,
  "health-changed": true,
  "host-rebooted": true,
  "operation-changed": true,
};

function readEvent(data: string): LiveEvent | null {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null || !("kind" in value)) return null;
  const { kind } = value;
  if (kind === "hello" || kind === "reset") return { kind };
  if (isHostless(kind)) return { kind };
  if (kind === "plan-changed") {
    return "planId" in value && typeof value.planId === "string"
      ? { kind, planId: value.planId }
      : null;
  }
  if (!isHostKind(kind) || !("hostId" in value) || typeof value.hostId !== "string") return null;
  return { kind, hostId: value.hostId };
}

function isHostless(kind: unknown): kind is HostlessTopic {
  return (
    kind === "pending-changed" ||
    kind === "domain-event" ||
    kind === "alert-changed" ||
    kind === "cell-changed" ||
    kind === "freeze-changed"
  );
}

function isHostKind(kind: unknown): kind is keyof typeof hostKinds {
  return typeof kind === "string" && Object.hasOwn(hostKinds, kind);
}
