import type { ComponentChange, ComponentField } from "#fleet/inventory/component-history.ts";
import type { Component } from "#proto/messages/state.ts";

/** A change of a part as one sentence for people: `disk S3 (nvme2n1) is gone`. */
export function describeChange(change: ComponentChange): string {
  const part = nameOf(change.component);
  switch (change.kind) {
    case "added":
      return `${part} is new`;
    case "returned":
      return `${part} is back`;
    case "removed":
      return `${part} is gone`;
    case "replaced":
      return `${part} took the place of ${nameOf(change.before)}`;
    case "changed":
      return `${part}: ${change.fields.map((field) => fieldChange(change, field)).join(", ")}`;
  }
}

function nameOf({ kind, slot, serial, model }: Component): string {
  const what = serial ?? model ?? slot;
  return slot !== "" && slot !== what ? `${kind} ${what} (${slot})` : `${kind} ${what}`;
}

function fieldChange(
  { before, component }: Extract<ComponentChange, { kind: "changed" }>,
  field: ComponentField,
): string {
  return `${fieldWords[field] ?? field} ${String(before[field])} → ${String(component[field])}`;
}

const fieldWords: Partial<Record<ComponentField, string>> = {
  sizeBytes: "bytes",
  speedBitsPerSecond: "bit/s",
  partNumber: "part number",
  parent: "hangs on",
};
