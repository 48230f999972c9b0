/** Why a gateway turns an agent away: stable words on the wire, each with what to do about it. */
export const refusals = {
  "protocol-unknown": "install an agent of this manager's release or of the two before it",
  "not-enrolled": "this key is not pinned: enrol the host with `wws-agent enroll`",
  "certificate-foreign": "the certificate was issued by another cell: enrol the host here",
  "certificate-missing": "connect with the certificate that enrolment gave",
  "host-mismatch":
    "the certificate names another host than the agent does: remove the agent's data folder and enrol again",
  "identity-removed": "an operator removed this host; enrol it again with a new token",
  "identity-clone": "another machine uses this identity: an operator must decide which one is real",
  "message-malformed":
    "the agent sent bytes that do not decode; upgrade it, then look at the manager's log",
  "message-too-large": "the agent sent more than the limit; upgrade it",
  "message-unexpected": "the agent spoke out of turn; upgrade it",
  "rate-exceeded": "the agent sends faster than it may; it will be let in again after a pause",
  "token-wrong": "the token is not known here: make a new one with `wws-fleet enroll token`",
  "token-used": "the token was used before: make a new one with `wws-fleet enroll token`",
  "token-expired": "the token's time is over: make a new one with `wws-fleet enroll token`",
  "token-missing":
    "no token was given and this key is not waiting in pending: make one with `wws-fleet enroll token`",
  "pending-removed": "an operator turned this machine away; enrol it again with a new token",
  overloaded: "the manager is busy; the agent comes back by itself",
  "store-full": "the manager's disk is full; the agent keeps its samples and comes back by itself",
  "shutting-down": "the manager is stopping; the agent comes back by itself",
  replaced: "a newer connection of the same agent took this one's place",
} as const satisfies Record<string, string>;

export type RefusalCode = keyof typeof refusals;
