import { afterEach, beforeEach, expect, test } from "vitest";
import type { Batch } from "#fleet/alerts/delivery.ts";
import { webhookBody } from "#fleet/alerts/webhook-body.ts";
import { mailText } from "#fleet/notify/mail-text.ts";
import { keptChannel } from "#test/support/alert-world.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { openScenario, type Scenario } from "#test/support/scenario-world.ts";

let story: Scenario;
let messages: { mails: number; pages: number };

/** What comes out of the house, as it is sent: into the transcript. */
const pager = () => keptChannel({ name: "pager", severity: "page" });
const mail = () =>
  keptChannel({
    name: "night-shift",
    kind: "mail",
    target: "ops@example.net by smtp.example.net:587",
    digestMs: 60_000,
    batchMax: 100,
  });

beforeEach(async () => {
  messages = { mails: 0, pages: 0 };
  const [pages, mails] = [pager(), mail()];
  pages.answer = (batch: Batch) => {
    messages.pages += 1;
    const { transition, alert } = JSON.parse(webhookBody(batch, "fra", null));
    story.note(`the pager rings: ${transition}, ${alert.severity}: ${alert.words}`);
    return { kind: "sent", words: "answered 204" };
  };
  mails.answer = (batch: Batch) => {
    messages.mails += 1;
    const { subject, text } = mailText(batch, "fra", "https://fleet.example.net:7600");
    story.note(`a mail: ${subject}`);
    for (const line of text.trimEnd().split("\n")) story.note(`  ${line}`.trimEnd());
    return { kind: "sent", words: "smtp.example.net:587 took it" };
  };
  story = await openScenario({ channels: [pages, mails] });
});
afterEach(() => story.close());

test("a rack goes dark at night: one page, one mail, the brake, acknowledged, over", async () => {
  const dark: HostId[] = [];
  for (let unit = 1; unit <= 5; unit += 1)
    dark.push(await story.addHost(`web-${unit}`, { rack: "rack-07" }));
  for (let unit = 1; unit <= 26; unit += 1)
    await story.addHost(`db-${unit}`, { rack: `rack-${String(10 + unit)}` });
  story.note("03:12, rack-07 loses its power");
  story.goDark(dark);
  await story.later(180_000);
  expect(messages).toEqual({ pages: 1, mails: 1 });
  await story.type("alert list");
  story.note("nothing is begun there before somebody has looked");
  await story.type('host drain web-1 --reason "it is dark" --wait --timeout 10s');
  const [alert] = await story.world.parts.alerts.open();
  const id = alert?.id ?? "";
  expect(await story.type(`alert acknowledge ${id} --reason "breaker B7 had tripped"`)).toBe(0);
  expect(await story.type("alert list")).toBe(0);
  await story.later(90_000);
  story.note("the power is back");
  story.comeBack(dark);
  await story.later(300_000);
  expect(await story.type(`alert show ${id}`)).toBe(0);
  await story.type("alert channels");
  await expect(await story.transcript()).toMatchFileSnapshot("./golden/rack-goes-dark.txt");
});

test("work that was announced is not told, and what is left over after it is", async () => {
  const host = await story.addHost("web-1", { rack: "rack-07" });
  await story.type('alert silence host=web-1 --until +1h --reason "new power supply"');
  story.goDark([host]);
  await story.later(600_000);
  expect(messages).toEqual({ pages: 0, mails: 0 });
  await story.type("alert list");
  await story.type("alert silences");
  await story.type('alert silence site=fra2 --until 2h --reason "the wrong selector" -o name');
  const silences = JSON.parse(await story.read("alert silences -o json")) as {
    readonly items: readonly { readonly id: string; readonly selector: string }[];
  };
  const wrong = silences.items.find(({ selector }) => selector === "site=fra2");
  await story.type(`alert unsilence ${wrong?.id} --reason "the whole site was not meant"`);
  story.note("an hour later it is still away");
  await story.later(3_600_000);
  expect(messages).toEqual({ pages: 0, mails: 1 });
  await story.type('alert test --reason "does it ring at all?"');
  await expect(await story.transcript()).toMatchFileSnapshot("./golden/silenced-work.txt");
});
