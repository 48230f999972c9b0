/**
 * Kinds of events on GET /events, and the topics to filter by. Beside them come `hello`, first, and
 * `reset`: more was missed than is kept, so fetch everything again. `data` is
 * `{kind, hostId}`, `{kind, hostId, state}` (link-changed), `{kind, hostId, untilMs}`
 * (host-telemetry), `{kind, hostId, verdict}` (health-changed), `{kind, hostId, cause}`
 * (host-rebooted), `{kind, hostId, operationId}` (operation-changed), `{kind, planId}`
 * (plan-changed), `{kind, alertId}` (domain-event, alert-changed), `{kind, pendingId}` (pending-changed)
 * or, of a federation alone, `{kind, cell, state}` (cell-changed):
 * fleet/inventory/fleet-events.ts.
 */
export const eventTopics = [
  "host-changed",
  "host-removed",
  "host-state",
  "link-changed",
  "host-telemetry",
  "health-changed",
  "host-rebooted",
  "operation-changed",
  "plan-changed",
  "domain-event",
  "alert-changed",
  "pending-changed",
  "freeze-changed",
  "cell-changed",
] as const;

export type EventTopic = (typeof eventTopics)[number];
