import { ApiError } from "./problems.ts";

export const jsonDepthMax = 20;

/**
 * JSON text → value. Throws ApiError where it is none, is nested deeper than 20, or has a key that
 * would reach an object's prototype. The depth is counted before anything is built.
 */
export function parseJsonBody(text: string): unknown {
  if (deepestOf(text) > jsonDepthMax) {
    throw new ApiError("body-unreadable", `the body is nested deeper than ${jsonDepthMax}`);
  }
  try {
    return JSON.parse(text, refusePrototypeKeys);
  } catch (cause) {
    if (cause instanceof ApiError) throw cause;
    const detail = cause instanceof Error ? cause.message : "it cannot be parsed";
    throw new ApiError("body-unreadable", `the body is no JSON: ${detail.slice(0, 120)}`);
  }
}

function refusePrototypeKeys(key: string, value: unknown): unknown {
  if (key === "__proto__" || key === "constructor" || key === "prototype") {
    throw new ApiError("body-unreadable", `the key "${key}" is not taken`);
  }
  return value;
}

/** Brackets open at once, those inside strings left out. */
function deepestOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charCodeAt(index);
    if (isInString) {
      if (character === backslash) index += 1;
      else if (character === quote) isInString = false;
    } else if (character === quote) isInString = true;
    else if (character === openBrace || character === openBracket) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (character === closeBrace || character === closeBracket) depth -= 1;
  }
  return deepest;
}

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
