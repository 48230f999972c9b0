import type { ToolAnswer } from "#agent/hardware/hardware-source.ts";

/** null: not what a looker of this release says. */
export function parseToolAnswer(value: unknown): ToolAnswer | null {
  if (typeof value !== "object" || value === null) return null;
  const { exitCode, stdout, stderr } = value as Readonly<Record<string, unknown>>;
  return typeof exitCode === "number" && typeof stdout === "string" && typeof stderr === "string"
    ? { exitCode, stdout, stderr }
    : null;
}
