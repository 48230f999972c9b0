/** Why points are missing, as agents say it in one word, in words for people. */
const gapWords: Readonly<Record<string, string>> = {
  "ring-full": "the agent could not keep them: its memory was full",
  "agent-restarted": "the agent was not running",
  "host-slept": "the host slept",
  "too-large": "the report was too large",
  unspecified: "the agent did not say why",
};

/** The manager's own reasons are sentences already. */
export function gapReason(reason: string): string {
  return (Object.hasOwn(gapWords, reason) ? gapWords[reason] : undefined) ?? reason;
}
