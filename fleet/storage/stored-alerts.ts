import { Type } from "typebox";
import { Value } from "typebox/value";
import { type AlertRecord, alertKinds, severities, transitions } from "#fleet/alerts/alert.ts";
import { type DeliveryRecord, deliveryStates } from "#fleet/alerts/delivery.ts";
import type { SilenceRecord } from "#fleet/alerts/silence.ts";
import type { KnownEvent } from "#fleet/lifecycle/domain-event-store.ts";
import type { AlertId, DeliveryId, SilenceId } from "#proto/vocabulary/ids.ts";
import { regions } from "#proto/vocabulary/position.ts";
import { damagedRow } from "./store-error.ts";
import { parseJson } from "./stored-json.ts";
import { count, hostId, maybeTime, text, time } from "./stored-lifecycle.ts";

// JSON in the tables of alerts. What cannot be read is an error: an alarm that is not seen any more
// must not be taken for one that is over.

const alertId = Type.Unsafe<AlertId>(Type.String());
const deliveryId = Type.Unsafe<DeliveryId>(Type.String());
const silenceId = Type.Unsafe<SilenceId>(Type.String());
const domainScope = Type.Object({
  kind: Type.Enum(["switch", "rack", "feed", "site"]),
  name: Type.String(),
});
const acknowledged = { by: Type.String(), atMs: time, reason: Type.String() };

const eventSchema = Type.Object({
  event: Type.Object({
    id: alertId,
    scope: domainScope,
    lost: Type.Array(hostId),
    of: count,
    sinceMs: time,
    raisedMs: time,
  }),
  toldMs: maybeTime,
  acknowledged: Type.Union([
    Type.Object({
      ...acknowledged,
      silences: Type.Array(Type.Object({ hostId, sinceMs: time })),
    }),
    Type.Null(),
  ]),
  endedMs: maybeTime,
});

const alertSchema = Type.Object({
  id: alertId,
  key: Type.String(),
  kind: Type.Enum([...alertKinds]),
  severity: Type.Enum([...severities]),
  words: Type.String(),
  command: text,
  scope: Type.Object({
    kind: Type.Enum(["switch", "rack", "feed", "site", "host", "plan", "channel", "cell"]),
    name: Type.String(),
  }),
  place: Type.Object({
    region: Type.Union([Type.Enum([...regions]), Type.Null()]),
    site: text,
    row: text,
    rack: text,
  }),
  hosts: Type.Array(Type.Object({ id: hostId, name: Type.String() })),
  of: count,
  sinceMs: time,
  openedMs: time,
  acknowledged: Type.Union([Type.Object(acknowledged), Type.Null()]),
  silenced: Type.Union([
    Type.Object({ by: Type.Enum(["work", "silence"]), words: Type.String() }),
    Type.Null(),
  ]),
  told: Type.Union([
    Type.Object({ severity: Type.Enum([...severities]), hosts: count, atMs: time }),
    Type.Null(),
  ]),
  resolvedMs: maybeTime,
  resolvedBecause: text,
});

const silenceSchema = Type.Object({
  id: silenceId,
  selector: Type.String(),
  reason: Type.String(),
  by: Type.String(),
  createdMs: time,
  untilMs: time,
  endedMs: maybeTime,
  endedBy: text,
});

const deliverySchema = Type.Object({
  id: deliveryId,
  alertId,
  channel: Type.String(),
  transition: Type.Enum([...transitions]),
  state: Type.Enum([...deliveryStates]),
  alert: alertSchema,
  batchId: Type.Union([deliveryId, Type.Null()]),
  leftOut: count,
  attempts: count,
  createdMs: time,
  nextMs: time,
  outcome: text,
  settledMs: maybeTime,
});

/** These throw StoreError `STORE_DAMAGED` where it is none. */
export function parseEvent(json: string): KnownEvent {
  const value = parseJson(json);
  if (Value.Check(eventSchema, value)) return value;
  throw damagedRow(`a domain event is ${json.slice(0, 80)}`);
}

export function parseAlert(json: string): AlertRecord {
  const value = parseJson(json);
  if (Value.Check(alertSchema, value)) return value;
  throw damagedRow(`an alert is ${json.slice(0, 80)}`);
}

export function parseSilence(json: string): SilenceRecord {
  const value = parseJson(json);
  if (Value.Check(silenceSchema, value)) return value;
  throw damagedRow(`a silence is ${json.slice(0, 80)}`);
}

export function parseDelivery(json: string): DeliveryRecord {
  const value = parseJson(json);
  if (Value.Check(deliverySchema, value)) return value;
  throw damagedRow(`a delivery is ${json.slice(0, 80)}`);
}
