import type { ImagingScreen } from "./imaging-ports.ts";
import type { ImagingView } from "./imaging-view.ts";
import { lineKey, renderLine, renderScreen } from "./render-screen.ts";

/** A console takes text or loses it; it never holds anybody up. */
export interface ConsolePort {
  /** `tty0` has a screen that can be painted anew; `ttyS0` and others keep lines, as a log. */
  readonly isScreen: boolean;
  write(text: string): void;
}

const clearScreen = "\x1b[H\x1b[2J";

/**
 * Shows the same on every console of the machine: painted anew where there is a screen, a line for
 * each change where lines are kept. `uptimeSeconds` stands before each line.
 */
export function showOnConsoles(
  consoles: readonly ConsolePort[],
  uptimeSeconds: () => number,
): ImagingScreen {
  let shownLine = "";
  let shownScreen = "";
  return {
    show(view: ImagingView) {
      const screen = `${clearScreen}${renderScreen(view).join("\r\n")}\r\n`;
      const key = lineKey(view);
      const isNewLine = key !== shownLine;
      const isNewScreen = screen !== shownScreen;
      shownLine = key;
      shownScreen = screen;
      const line = `wws-imaging ${uptimeSeconds().toFixed(2)} ${renderLine(view)}\r\n`;
      for (const { isScreen, write } of consoles) {
        if (isScreen && isNewScreen) write(screen);
        if (!isScreen && isNewLine) write(line);
      }
    },
  };
}
