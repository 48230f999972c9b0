const levels: Readonly<Record<number, string>> = {
  20: "debug",
  30: "info",
  40: "warn",
  50: "error",
  60: "fatal",
};

/** Lines that are shown of a log's end. */
const linesMax = 12;

/**
 * The end of a program's output as a person reads it: JSON lines of the log become level, message
 * and the error's own words; what the program said in plain text stands as it is.
 */
export function readableLines(text: string): readonly string[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.slice(-linesMax).map(readableLine);
}

/** Only what was said in plain text: the words that programs have for people. */
export function plainLines(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => !/^\[(debug|info|warn|error|fatal)\] /.test(line));
}

function readableLine(line: string): string {
  const entry = parseEntry(line);
  if (entry === null) return line.slice(0, 400);
  const level = levels[Number(entry["level"])] ?? "info";
  const error = entry["err"];
  const words =
    typeof error === "object" && error !== null && "message" in error
      ? `: ${String(error.message)}`
      : "";
  return `[${level}] ${String(entry["msg"])}${words}`.slice(0, 400);
}

function parseEntry(line: string): Readonly<Record<string, unknown>> | null {
  if (!line.startsWith("{")) return null;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && "msg" in value
      ? (value as Readonly<Record<string, unknown>>)
      : null;
  } catch {
    return null;
  }
}
