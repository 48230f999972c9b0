/** How large an answer is. */
export interface AnswerSize {
  /** Values in it, containers and keys included. */
  readonly nodes: number;
  /** Characters of all its texts and keys. */
  readonly characters: number;
}

/**
 * An answer may hold so many nodes and characters for each character of its input, and this many
 * whatever the input: a parser that makes more out of less can be made to fill memory.
 */
export const answerLimits = {
  nodesBase: 16_384,
  nodesPerCharacter: 2,
  charactersBase: 65_536,
  charactersPerCharacter: 8,
} as const;

/** Deepest answer: nothing we report is nested like that. */
const depthMax = 64;

/**
 * Walks an answer. A text: why it is no plain JSON data (a class, undefined, NaN, a cycle shows as
 * depth), with the path to it.
 */
export function measureAnswer(answer: unknown): AnswerSize | string {
  let nodes = 0;
  let characters = 0;
  const waiting: { readonly value: unknown; readonly path: string; readonly depth: number }[] = [
    { value: answer, path: "answer", depth: 0 },
  ];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, path, depth } = next;
    nodes += 1;
    if (nodes > nodesMax) return `more than ${nodesMax} values`;
    if (typeof value === "string") characters += value.length;
    const wrong = wrongnessOf(value);
    if (wrong !== null) return `${path} is ${wrong}`;
    if (typeof value !== "object" || value === null) continue;
    if (depth >= depthMax) return `${path} is nested deeper than ${depthMax}`;
    for (const [key, child] of Object.entries(value)) {
      if (!Array.isArray(value)) characters += key.length;
      waiting.push({ value: child, path: `${path}.${key.slice(0, 40)}`, depth: depth + 1 });
    }
  }
  return { nodes, characters };
}

function wrongnessOf(value: unknown): string | null {
  switch (typeof value) {
    case "string":
    case "boolean":
      return null;
    case "number":
      return Number.isFinite(value) ? null : String(value);
    case "object": {
      if (value === null) return null;
      const prototype: unknown = Object.getPrototypeOf(value);
      if (Array.isArray(value)) return null;
      if (prototype !== Object.prototype && prototype !== null)
        return `an object of class ${value.constructor?.name ?? "unknown"}`;
      return Object.getOwnPropertySymbols(value).length > 0 ? "an object with symbols" : null;
    }
    default:
      return typeof value;
  }
}

const nodesMax = 10_000_000;
