import { soakTargets } from "./soak-fuzz.ts";

soakTargets(1, 2);
