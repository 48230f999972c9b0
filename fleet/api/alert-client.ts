import type { Query } from "./client.ts";
import {
  type AddSilence,
  type Alert,
  type AlertChannelList,
  type AlertDetail,
  type AlertList,
  type AlertTest,
  alertChannelListSchema,
  alertDetailSchema,
  alertListSchema,
  alertSchema,
  alertTestSchema,
  type Silence,
  type SilenceList,
  silenceListSchema,
  silenceSchema,
} from "./alert-schemas.ts";
import type { Asking } from "./life-client.ts";

/** Alerts and who is told of them, as functions. `key`: sent twice with one it acts once. */
export interface AlertClient {
  alerts(query?: Query): Promise<AlertList>;
  alert(id: string): Promise<AlertDetail>;
  acknowledgeAlert(id: string, reason: string): Promise<Alert>;
  silences(): Promise<SilenceList>;
  addSilence(silence: AddSilence, key: string): Promise<Silence>;
  endSilence(id: string, reason: string): Promise<void>;
  alertChannels(): Promise<AlertChannelList>;
  testAlerts(reason: string): Promise<AlertTest>;
}

export function createAlertClient({ get, post, remove }: Asking): AlertClient {
  const one = (id: string): string => `/alerts/${encodeURIComponent(id)}`;
  return {
    alerts: (query) => get(alertListSchema, "/alerts", query),
    alert: (id) => get(alertDetailSchema, one(id)),
    acknowledgeAlert: (id, reason) => post(alertSchema, `${one(id)}/acknowledge`, { reason }, null),
    silences: () => get(silenceListSchema, "/alerts/silences"),
    addSilence: (silence, key) => post(silenceSchema, "/alerts/silences", silence, key),
    endSilence: (id, reason) => remove(`/alerts/silences/${encodeURIComponent(id)}`, { reason }),
    alertChannels: () => get(alertChannelListSchema, "/alerts/channels"),
    testAlerts: (reason) => post(alertTestSchema, "/alerts/test", { reason }, null),
  };
}
