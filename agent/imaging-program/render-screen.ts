import { bigLetters } from "./big-letters.ts";
import { type ImagingView, stateTexts } from "./imaging-view.ts";

export const screenColumns = 80;
const barColumns = 60;
const textLinesMax = 4;

/** The whole screen, at most 24 lines of 80 columns: who this is, what goes on, how far it is. */
export function renderScreen(view: ImagingView): readonly string[] {
  const { state, machine } = view;
  const { word, meaning } = stateTexts[state.kind];
  const facts: readonly (readonly [string, string | null])[] = [
    ["host", joined([view.hostName, view.hostId])],
    ["machine", joined([machine.maker, machine.product])],
    ["serial", joined([machine.systemSerial, machine.boardSerial])],
    ["network", view.addresses.join("  ") || null],
    ["manager", view.manager],
    ["operation", view.operationId],
    ["step", state.step],
  ];
  const lines = [
    `WWS imaging OS ${view.release}`,
    "",
    ...bigLetters(bigWord(view, word), screenColumns),
    "",
    meaning,
    ...wrapped(state.text === meaning ? "" : state.text),
    "",
    ...progressLines(view),
    ...facts.map(([name, value]) => `${name.padEnd(10)} ${value ?? "-"}`),
  ];
  return lines.map((line) => printable(line).slice(0, screenColumns));
}

/** One line for the serial console, as a log has it. */
export function renderLine(view: ImagingView): string {
  const { state } = view;
  const { meaning } = stateTexts[state.kind];
  const parts = [
    view.hostName ?? view.machine.systemSerial ?? "unknown host",
    state.kind,
    state.step,
    state.done === null ? null : percent(state.done),
    state.secondsLeft === null ? null : `in ${state.secondsLeft} s`,
    meaning,
    state.text === meaning ? null : state.text,
  ];
  return printable(joined(parts) ?? "");
}

/** What is worth another line on the serial console: a new state, step or text, or five percent more. */
export function lineKey(view: ImagingView): string {
  const { state } = view;
  const twentieths = state.done === null ? "" : Math.floor(state.done * 20);
  const tens = state.secondsLeft === null ? "" : Math.ceil(state.secondsLeft / 10);
  const text = state.kind === "working" ? "" : state.text;
  return JSON.stringify([state.kind, state.step, twentieths, tens, text]);
}

function bigWord(view: ImagingView, word: string): string {
  const { state } = view;
  if (state.kind === "counting-down") return `ERASE ${state.secondsLeft ?? ""}`;
  if (state.kind === "working" && state.done !== null)
    return `${percent(state.done)} ${state.step ?? ""}`;
  return word;
}

function progressLines({ state }: ImagingView): readonly string[] {
  if (state.done === null) return [];
  const filled = Math.round(clamp(state.done) * barColumns);
  const bar = "#".repeat(filled).padEnd(barColumns, ".");
  return [`[${bar}] ${percent(state.done)}`, ""];
}

function percent(done: number): string {
  // Rounded down, but for what a fraction loses: 100 % is said when it is over.
  return `${Math.floor(clamp(done) * 100 + 1e-6)}%`;
}

function clamp(done: number): number {
  return Number.isFinite(done) ? Math.min(1, Math.max(0, done)) : 0;
}

function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  for (let at = 0; at < text.length && lines.length < textLinesMax; at += screenColumns)
    lines.push(text.slice(at, at + screenColumns));
  return lines;
}

function joined(parts: readonly (string | null)[]): string | null {
  const there = parts.filter((part) => part !== null && part !== "");
  return there.length === 0 ? null : there.join(" | ");
}

/** Nothing that came from firmware or network moves a cursor. */
function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, "?");
}
