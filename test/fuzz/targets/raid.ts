import type { FuzzTarget } from "../fuzz-target.ts";

export const targets: readonly FuzzTarget[] = [];
