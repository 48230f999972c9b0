/** A watchdog as a former system left it: running, to reset the machine in four minutes. */
export interface ArmedWatchdog {
  isArmed(): boolean;
  /** Set, get and reset of the timer (IPMI 2.0, chapter 27); null: another command. */
  answer(netFunction: number, command: number, data: Buffer): readonly number[] | null;
}

const application = 6;
const running = 0x40;

export function createArmedWatchdog(): ArmedWatchdog {
  let use = 0x04;
  let isArmed = true;
  return {
    isArmed: () => isArmed,
    answer(netFunction, command, data) {
      if (netFunction !== application) return null;
      switch (command) {
        case 0x22:
          isArmed = true;
          return [0];
        case 0x24:
          // Setting it stops it, unless it is told to go on.
          use = (data[0] ?? 0) & 0x07;
          isArmed = isArmed && ((data[0] ?? 0) & running) !== 0;
          return [0];
        case 0x25:
          return [0, use | (isArmed ? running : 0), 1, 0, 0, 0x60, 9, 0x60, 9];
        default:
          return null;
      }
    },
  };
}
