import { expect, test } from "vitest";
import { peerUidOf } from "./peer.ts";

test.each([
  ["wws-hands@0-123-997.service", 997],
  ["wws-hands@12-4194304-0.service", 0],
  // As systemd 257 names it.
  ["wws-hands@3-123_5550-997.service", 997],
])("%s is of user %d", (unit, uid) => expect(peerUidOf(unit)).toBe(uid));

test.each([
  "wws-hands@0-unknown.service",
  "wws-hands@997.service",
  "wws-hands@0-1-997",
  "wws-hands@0-1-997.service.service",
  "wws-hands@0-1--997.service",
  "wws-hands@.service",
  "",
])("%j tells no user", (unit) => expect(peerUidOf(unit)).toBeNull());
