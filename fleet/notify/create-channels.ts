import type { Channel } from "#fleet/alerts/delivery.ts";
import { createMailChannel } from "./mail-channel.ts";
import type { MailSetting, WebhookSetting } from "#fleet/config/alert-settings.ts";
import type { NotifyEffects } from "./notify-effects.ts";
import { createWebhookChannel } from "./webhook-channel.ts";

/** The ways out of the house, as the configuration names them. */
export function createChannels(
  settings: { readonly webhooks: readonly WebhookSetting[]; readonly mail: readonly MailSetting[] },
  effects: NotifyEffects,
): readonly Channel[] {
  return [
    ...settings.webhooks.map((setting) => createWebhookChannel(setting, effects)),
    ...settings.mail.map((setting) => createMailChannel(setting, effects)),
  ];
}
