import { type Static, Type } from "typebox";
import { alertKinds, alertStates, severities, transitions } from "#fleet/alerts/alert.ts";
import { deliveryStates } from "#fleet/alerts/delivery.ts";
import { listOf, nullable, reasonSchema, unixMs } from "./schema-parts.ts";

const severitySchema = Type.Enum([...severities], {
  description: "page wakes a person, warn waits for the day, info is told",
});

const alertFields = {
  id: Type.String(),
  key: Type.String({ description: "the same thing going wrong again has the same key" }),
  kind: Type.Enum([...alertKinds]),
  severity: severitySchema,
  state: Type.Enum([...alertStates]),
  scope: Type.Object({
    kind: Type.Enum(["switch", "rack", "feed", "site", "host", "plan", "channel", "cell"]),
    name: Type.String({ description: "fra2/row-b/rack-07, sw-fra2-b07, fra2, web-1" }),
  }),
  place: Type.Object(
    {
      region: nullable(Type.String()),
      site: nullable(Type.String()),
      row: nullable(Type.String()),
      rack: nullable(Type.String()),
    },
    { description: "as much as all of its hosts share" },
  ),
  hosts: listOf(Type.String({ description: "name of a host that it is about" })),
  of: Type.Integer({ description: "out of so many; of a domain event, that were there before" }),
  sinceMs: { ...unixMs, description: "since when it is so, unix milliseconds" },
  raisedMs: { ...unixMs, description: "when it was found, unix milliseconds" },
  words: Type.String({ description: "what is wrong, in one sentence" }),
  command: nullable(Type.String({ description: "what to do, to be copied" })),
  acknowledgedBy: nullable(Type.String({ description: "who has looked; null: nobody yet" })),
  acknowledged: nullable(Type.Object({ by: Type.String(), atMs: unixMs, reason: Type.String() })),
  silenced: nullable(
    Type.Object(
      { by: Type.Enum(["work", "silence"]), words: Type.String() },
      { description: "why nobody is told: our own work there, or a person's silence" },
    ),
  ),
  toldMs: nullable({ ...unixMs, description: "when it was last told; null: not yet" }),
  resolvedMs: nullable(unixMs),
  resolvedBecause: nullable(Type.String()),
};

export const alertSchema = Type.Object(alertFields);
export type Alert = Static<typeof alertSchema>;

export const alertDetailSchema = Type.Object({
  ...alertFields,
  deliveries: listOf(
    Type.Object({
      id: Type.String({ description: "the same in each try: webhook-id, Message-ID" }),
      channel: Type.String(),
      transition: Type.Enum([...transitions]),
      state: Type.Enum([...deliveryStates]),
      attempts: Type.Integer(),
      createdMs: unixMs,
      nextMs: nullable({ ...unixMs, description: "when it is tried again" }),
      settledMs: nullable(unixMs),
      outcome: nullable(Type.String({ description: "what the last try came to" })),
    }),
  ),
});
export type AlertDetail = Static<typeof alertDetailSchema>;

export const alertListSchema = Type.Object({
  items: listOf(alertSchema),
  nextCursor: nullable(Type.String({ description: "of the next page; null: there is none" })),
});
export type AlertList = Static<typeof alertListSchema>;

export const addSilenceSchema = Type.Object(
  {
    selector: Type.String({
      minLength: 1,
      maxLength: 500,
      description: "site=fra2,kind=host-lost; a host's name; or an alert's key",
    }),
    untilMs: { ...unixMs, description: "at most 30 days from now, unix milliseconds" },
    reason: reasonSchema,
  },
  { additionalProperties: false },
);
export type AddSilence = Static<typeof addSilenceSchema>;

export const silenceSchema = Type.Object({
  id: Type.String(),
  selector: Type.String(),
  reason: Type.String(),
  by: Type.String(),
  createdMs: unixMs,
  untilMs: unixMs,
});
export type Silence = Static<typeof silenceSchema>;

export const silenceListSchema = Type.Object({
  items: listOf(silenceSchema),
  nextCursor: Type.Null({ description: "it is one page" }),
});
export type SilenceList = Static<typeof silenceListSchema>;

export const alertChannelSchema = Type.Object({
  name: Type.String(),
  kind: Type.Enum(["webhook", "mail"]),
  target: Type.String({ description: "where it goes, without a path or a secret" }),
  severity: severitySchema,
  waiting: Type.Integer({ description: "messages on their way" }),
  lastSuccessMs: nullable(unixMs),
  lastFailureMs: nullable(unixMs),
  lastFailure: nullable(Type.String({ description: "why, in words" })),
  failingSinceMs: nullable({ ...unixMs, description: "null: the last try was taken" }),
  sent: Type.Integer({ description: "messages since this manager began, as the next three" }),
  failures: Type.Integer(),
  givenUp: Type.Integer(),
  leftOut: Type.Integer({ description: "more came than it is sent in an hour" }),
});
export type AlertChannel = Static<typeof alertChannelSchema>;

export const alertChannelListSchema = Type.Object({
  items: listOf(alertChannelSchema),
  nextCursor: Type.Null({ description: "it is one page" }),
});
export type AlertChannelList = Static<typeof alertChannelListSchema>;

export const alertTestSchema = Type.Object({
  items: listOf(
    Type.Object({ channel: Type.String(), isDelivered: Type.Boolean(), words: Type.String() }),
  ),
});
export type AlertTest = Static<typeof alertTestSchema>;
