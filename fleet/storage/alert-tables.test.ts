import { beforeEach, expect, test } from "vitest";
import type { AlertStore } from "#fleet/alerts/alert-store.ts";
import type { SilenceRecord } from "#fleet/alerts/silence.ts";
import type { KnownEvent } from "#fleet/lifecycle/domain-event-store.ts";
import type { SilenceId } from "#proto/vocabulary/ids.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { alertIdOf, alertRecord, deliveryRecord } from "#test/support/alert-builders.ts";
import { describeBothEngines } from "#test/support/control-stores.ts";
import { hostIdOf } from "#test/support/inventory-builders.ts";
import { auditEntry } from "#test/support/life-builders.ts";
import type { ControlStore } from "./control-store.ts";

const at = (ms: number) => unixMs(1_793_606_400_000 + ms);
const silence = (number: number, facts: Partial<SilenceRecord> = {}): SilenceRecord => ({
  id: `0193c1a0-0000-70ee-8000-00000000000${number}` as SilenceId,
  selector: "site=fra2",
  reason: "new PDUs",
  by: "ann",
  createdMs: at(0),
  untilMs: at(1_000),
  endedMs: null,
  endedBy: null,
  ...facts,
});
const event = (number: number, facts: Partial<KnownEvent> = {}): KnownEvent => ({
  event: {
    id: alertIdOf(number),
    scope: { kind: "rack", name: "fra2/row-b/rack-07" },
    lost: [hostIdOf(1), hostIdOf(2)],
    of: 10,
    sinceMs: at(0),
    raisedMs: at(1),
  },
  toldMs: null,
  acknowledged: null,
  endedMs: null,
  ...facts,
});

describeBothEngines("the store of alerts", (bench) => {
  let store: ControlStore;
  let alerts: AlertStore;
  beforeEach(async () => {
    store = await bench.open();
    alerts = store.alerts;
  });

  test("keeps alerts with what is to be told of them, and gives them back as they were", async () => {
    const odd = alertRecord(1, {
      words: "web-1: disk \u0000 ünï'\"; DROP TABLE alerts failing",
      acknowledged: { by: "ann", atMs: at(5), reason: "on my way" },
      silenced: { by: "work", words: "web-1 is servicing" },
      told: { severity: "warn", hosts: 1, atMs: at(3) },
    });
    const resolved = alertRecord(2, { resolvedMs: at(9), resolvedBecause: "its cause is gone" });
    const delivery = deliveryRecord(1, { alert: resolved, alertId: resolved.id });
    const change = { term: 0, alerts: [odd, resolved], deliveries: [delivery] };
    expect(await alerts.commit(change)).toBe("written");
    const kept = { ...odd, words: odd.words.replace("\u0000", "\ufffd") };
    expect(await alerts.listOpen()).toEqual([kept]);
    expect(await alerts.listResolved({ before: null, limit: 9 })).toEqual([resolved]);
    expect(await alerts.listResolved({ before: resolved.id, limit: 9 })).toEqual([]);
    expect(await alerts.find(odd.id)).toEqual(kept);
    expect(await alerts.find(alertIdOf(7))).toBeUndefined();
    expect(await alerts.listWaiting()).toEqual([delivery]);
    expect(await alerts.listDeliveries(resolved.id)).toEqual([delivery]);
    expect((await store.check()).filter(({ isSound }) => !isSound)).toEqual([]);
  });

  test("what has the id of something that is there takes its place", async () => {
    await alerts.commit({ term: 0, alerts: [alertRecord(1)], deliveries: [deliveryRecord(1)] });
    const sent = deliveryRecord(1, { state: "sent", settledMs: at(9), outcome: "answered 204" });
    const over = alertRecord(1, { resolvedMs: at(9), resolvedBecause: "gone" });
    await alerts.commit({ term: 0, alerts: [over], deliveries: [sent] });
    expect([await alerts.listOpen(), await alerts.listWaiting()]).toEqual([[], []]);
    expect(await alerts.readChannel("pager")).toEqual({ sentMs: at(9), givenUp: null });
    const lost = deliveryRecord(2, { state: "given-up", settledMs: at(99), outcome: "410" });
    await alerts.commit({ term: 0, deliveries: [lost] });
    expect(await alerts.readChannel("pager")).toEqual({
      sentMs: at(9),
      givenUp: { atMs: at(99), words: "410" },
    });
  });

  test("a manager that leads no more writes nothing, of nothing", async () => {
    const { term } = await store.leader.lead({ holder: "b", nowMs: at(0), untilMs: at(9) });
    const change = { alerts: [alertRecord(1)], audit: auditEntry("alert.acknowledge") };
    expect(await alerts.commit({ term: term - 1, ...change })).toBe("term-over");
    expect(await store.domainEvents.writeEvents([event(1)], term - 1)).toBe("term-over");
    expect(await alerts.listOpen()).toEqual([]);
    expect(await store.domainEvents.readEvents()).toEqual([]);
    expect(await store.audit.read(1, 9)).toEqual([]);
    expect(await alerts.commit({ term, ...change })).toBe("written");
    expect((await store.audit.read(1, 9)).map(({ action }) => action)).toEqual([
      "alert.acknowledge",
    ]);
  });

  test("silences in force are listed, ended and old ones are not", async () => {
    const ended = silence(2, { endedMs: at(5), endedBy: "ben" });
    const old = silence(3, { untilMs: at(1) });
    await alerts.commit({ term: 0, silences: [silence(1), ended, old] });
    expect(await alerts.listSilences(at(500))).toEqual([silence(1)]);
    expect(await alerts.listSilences(at(1_000))).toEqual([]);
  });

  test("domain events that are not over come back with who acknowledged them", async () => {
    const seen = event(2, {
      toldMs: at(2),
      acknowledged: {
        by: "ann",
        atMs: at(3),
        reason: "the breaker",
        silences: [{ hostId: hostIdOf(1), sinceMs: at(0) }],
      },
    });
    expect(await store.domainEvents.writeEvents([event(1), seen, event(3)], 0)).toBe("written");
    await store.domainEvents.writeEvents([event(3, { endedMs: at(9) })], 0);
    expect(await store.domainEvents.readEvents()).toEqual([event(1), seen]);
  });

  test("only what is old, or beyond the count, is removed; an open alert never", async () => {
    const many = Array.from({ length: 12 }, (_, number) =>
      alertRecord(number + 1, { resolvedMs: at(number), resolvedBecause: "gone" }),
    );
    const open = alertRecord(99);
    const sent = deliveryRecord(1, { state: "sent", settledMs: at(1) });
    const waiting = deliveryRecord(2);
    await alerts.commit({ term: 0, alerts: [...many, open], deliveries: [sent, waiting] });
    await alerts.prune({
      term: 0,
      resolvedBeforeMs: at(3),
      resolvedMax: 5,
      settledBeforeMs: at(2),
    });
    const left = await alerts.listResolved({ before: null, limit: 99 });
    expect(left.map(({ id }) => id)).toEqual([12, 11, 10, 9, 8].map(alertIdOf));
    expect(await alerts.listOpen()).toEqual([open]);
    expect(await alerts.listWaiting()).toEqual([waiting]);
    expect(await alerts.listDeliveries(sent.alertId)).toEqual([]);
  });

  test("how the manager before ended is known", async () => {
    expect(await alerts.readLeader()).toBeNull();
    await alerts.writeLeader({ term: 3, isEnded: false });
    await alerts.writeLeader({ term: 3, isEnded: true });
    expect(await alerts.readLeader()).toEqual({ term: 3, isEnded: true });
  });
});
