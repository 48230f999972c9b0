import type { Attribute } from "#proto/messages/series.ts";
import { toWireText } from "#proto/vocabulary/wire-text.ts";
import { plainText, requiredText } from "./field-checks.ts";
import { refuse } from "./wire-error.ts";
import type { wws } from "#proto/generated/wire.js";

/** Attributes in the one order of the wire: by key. Values are made safe and cut to fit. */
export function attributesToWire(attributes: readonly Attribute[]): wws.v1.Attribute.$Properties[] {
  return attributes
    .map(({ key, value }) => ({ key, value: toWireText(value) }))
    .sort((left, right) => compareText(left.key, right.key));
}

/** Refuses keys that are empty, repeated or out of order. */
export function attributesFromWire(
  fields: readonly wws.v1.Attribute.$Properties[] | null | undefined,
  where: string,
): readonly Attribute[] {
  let before = "";
  return (fields ?? []).map((field) => {
    const key = requiredText(field.key, `${where}.key`);
    if (compareText(key, before) <= 0) {
      refuse("field-invalid", `${where}.key`, "keys are not ascending and unique");
    }
    before = key;
    return { key, value: plainText(field.value, `${where}.value`) };
  });
}

/** By UTF-16 unit: the same everywhere, unlike a locale's order. */
function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
