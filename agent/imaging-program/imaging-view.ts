import type { ImagingMachine, ImagingStateKind } from "#proto/messages/imaging.ts";

/** All that the machine's own screen and its serial line show. */
export interface ImagingView {
  readonly release: string;
  readonly hostName: string | null;
  readonly hostId: string | null;
  readonly operationId: string | null;
  readonly machine: ImagingMachine;
  /** `eth0 10.0.2.15`. */
  readonly addresses: readonly string[];
  readonly manager: string | null;
  readonly state: ImagingState;
}

export interface ImagingState {
  readonly kind: ImagingStateKind;
  /** Of the operation; null: there is none. */
  readonly step: string | null;
  /** 0–1; null: it cannot be said. */
  readonly done: number | null;
  readonly secondsLeft: number | null;
  /** What is going on, or why nothing is. */
  readonly text: string;
}

/** What a person in front of the machine must know, and what they may do. */
export const stateTexts: Readonly<Record<ImagingStateKind, { word: string; meaning: string }>> = {
  starting: { word: "STARTING", meaning: "nothing is done to this machine" },
  unreachable: {
    word: "WAITING",
    meaning: "nothing is done to this machine: nobody answers who could order it",
  },
  idle: { word: "IDLE", meaning: "idle: nothing is done to this machine" },
  refused: { word: "REFUSED", meaning: "an order was refused: nothing is done to this machine" },
  "counting-down": {
    word: "ERASE SOON",
    meaning: "ALL DISKS OF THIS MACHINE WILL BE ERASED: type stop and Enter to prevent it",
  },
  working: { word: "WORKING", meaning: "do not switch this machine off" },
  failed: { word: "FAILED", meaning: "it stopped, and stays as it is until a person looks" },
  done: { word: "DONE", meaning: "finished: the manager restarts this machine" },
  "stopped-by-hand": {
    word: "STOPPED",
    meaning: "stopped at this console: nothing was done to this machine",
  },
};
