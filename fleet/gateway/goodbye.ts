import type { Refusal } from "#proto/messages/frames.ts";
import { type RefusalCode, refusals } from "#proto/vocabulary/refusal.ts";

/** Why a connection ends: what the agent is told, and the WebSocket close code (RFC 6455, 7.4.1). */
export interface Goodbye {
  readonly refusal: Refusal;
  readonly closeCode: number;
}

/** `retryAfterMs` null: the agent shall not come back by itself. */
export function goodbye(code: RefusalCode, message: string, retryAfterMs: number | null): Goodbye {
  return {
    refusal: { code, message, hint: refusals[code], retryAfterMs },
    closeCode: closeCodes[code],
  };
}

const policyViolation = 1008;
const tryAgainLater = 1013;

const closeCodes: Record<RefusalCode, number> = {
  "protocol-unknown": 1002,
  "not-enrolled": policyViolation,
  "certificate-foreign": policyViolation,
  "certificate-missing": policyViolation,
  "host-mismatch": policyViolation,
  "identity-removed": policyViolation,
  "identity-clone": policyViolation,
  "message-malformed": 1007,
  "message-too-large": 1009,
  "message-unexpected": policyViolation,
  "rate-exceeded": policyViolation,
  "token-wrong": policyViolation,
  "token-used": policyViolation,
  "token-expired": policyViolation,
  "token-missing": policyViolation,
  "pending-removed": policyViolation,
  overloaded: tryAgainLater,
  "store-full": tryAgainLater,
  "shutting-down": 1001,
  replaced: policyViolation,
};
