import type { ReportColumn } from "./report.ts";

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** For text between tags and in quoted attributes; names come from hosts and are hostile. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, " ")
    .replaceAll(/[&<>"']/g, (character) => escapes[character] ?? "");
}

/** A figure as people read it; never zero where nothing is known. */
export function showCell({ unit }: Pick<ReportColumn, "unit">, value: number | null): string {
  if (value === null) return "–";
  if (unit === "1") return `${Math.floor(value * 1_000) / 10} %`;
  if (unit === "By") return showBytes(value);
  return String(unit === "W" ? Math.round(value) : value);
}

function showBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  let [rest, at] = [bytes, 0];
  while (rest >= 1_024 && at < units.length - 1) {
    rest /= 1_024;
    at += 1;
  }
  return `${at === 0 ? rest : rest.toFixed(1)} ${units[at] ?? ""}`;
}
