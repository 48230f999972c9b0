import { soakTargets } from "./soak-fuzz.ts";

soakTargets(0, 2);
