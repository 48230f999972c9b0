/**
 * Why a server gives no reading of something: a closed list, each entry with what a person should
 * understand by it. A missing reading is never a zero.
 */
export const absenceReasons = {
  "no-such-hardware": "the server has no such part",
  "no-kernel-interface": "the kernel shows no such file: driver not loaded, or not built",
  "hidden-by-hypervisor": "the machine is virtual and its hypervisor does not pass this on",
  "permission-denied": "the agent may not read it; run it as root or give it the capability",
  "tool-missing": "the program that reads it is not installed",
  "tool-failed": "the program that reads it ended in an error",
  "timed-out": "the reading did not come within its time limit",
  "read-failed": "the kernel answered the read with an error",
  "unreadable-text": "what was read is not in a form this agent knows",
  implausible: "the reading lies outside what the physics of the part allows",
  "not-supported": "the part says that it does not offer this",
  "switched-off": "the part is there and somebody switched it off",
  "needs-second-reading": "a rate needs two readings and there is only one so far",
  "not-yet-collected": "it is read rarely, and the first time is still to come",
  unspecified: "the agent is newer and gives a reason that this release does not know",
} as const satisfies Record<string, string>;

export type AbsenceReason = keyof typeof absenceReasons;
