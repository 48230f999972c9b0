import type { Collector } from "#agent/collectors/collector.ts";

/**
 * The same collectors, of which the first tells of each round: a watchdog that is fed from here sees
 * samples being taken, and not only a timer that fires. A collector that fails has had its round too.
 */
export function witnessRounds(
  collectors: readonly Collector[],
  onRound: () => void,
): readonly Collector[] {
  const [first, ...rest] = collectors;
  if (first === undefined) return collectors;
  const witnessed: Collector = {
    subject: first.subject,
    cadenceMs: first.cadenceMs,
    discover: () => first.discover(),
    collect(at) {
      try {
        return first.collect(at);
      } finally {
        onRound();
      }
    },
    close: () => first.close(),
  };
  return [witnessed, ...rest];
}
