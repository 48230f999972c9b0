import type { NextPhase, Pair } from "./operation-row.ts";

// What pairs of the operation table are made of, and the reasons that many of them share.

export const to = (next: NextPhase): Pair => ({ isAllowed: true, to: next });
export const no = (reason: string): Pair => ({ isAllowed: false, reason });

export const retired = no("is retired; the same box comes back as a new host");
export const planned = no("is only planned: no machine has called in yet");
export const fresh = no("is new: nothing of it is verified yet, reimage it first");
export const active = no("serves leases: drain it first");
