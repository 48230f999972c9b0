import { createHash } from "node:crypto";
import { wireLimits } from "#proto/vocabulary/wire-limits.ts";
import { cleanText, toWireText, utf8Bytes } from "#proto/vocabulary/wire-text.ts";

/**
 * The value of an attribute as it may go on the wire. One that is too long ends in `…` and eight
 * digits of its hash: two long mount points stay two series.
 */
export function toAttributeText(text: string): string {
  const clean = cleanText(text);
  const cut = toWireText(text);
  if (cut === clean) return cut;
  const tail = `…${createHash("sha256").update(text).digest("hex").slice(0, 8)}`;
  const room = wireLimits.stringBytesMax - utf8Bytes(tail);
  let bytes = 0;
  let kept = "";
  for (const character of cut) {
    bytes += utf8Bytes(character);
    if (bytes > room) break;
    kept += character;
  }
  return kept + tail;
}
