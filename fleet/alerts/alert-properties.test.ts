import { expect, test } from "vitest";
import type { AlertId } from "#proto/vocabulary/ids.ts";
import { monotonicMs, unixMs } from "#proto/vocabulary/units.ts";
import { alertIdOf } from "#test/support/alert-builders.ts";
import { hostIdOf } from "#test/support/inventory-builders.ts";
import { fc } from "#test/support/properties.ts";
import { type AlertKind, alertKinds, type Cause, severities } from "./alert.ts";
import { alertNumbers, neverWork } from "./alert-numbers.ts";
import { nextBatch } from "./channel-queue.ts";
import { createAlertJudge } from "./judge-alerts.ts";
import { createRateBound } from "./rate-bound.ts";
import { nextTryMs } from "./retry-pace.ts";
import { createSilencer } from "./silence.ts";
import { deliveryRecord } from "#test/support/alert-builders.ts";

const hostsMax = 6;
const causeOf = (
  kind: AlertKind,
  numbers: readonly number[],
  facts: Partial<Cause> = {},
): Cause => ({
  key: kind === "domain-event" ? `${kind}:e` : `${kind}:${numbers[0]}`,
  kind,
  severity: "warn",
  words: `${kind} of ${numbers.join()}`,
  command: null,
  scope: { kind: "host", name: `web-${numbers[0]}` },
  place: { region: "eu", site: "fra2", row: "row-b", rack: "rack-07" },
  hosts: numbers.map((number) => ({ id: hostIdOf(number), name: `web-${number}` })),
  of: 10,
  sinceMs: unixMs(0),
  id: kind === "domain-event" ? alertIdOf(9) : null,
  acknowledged: null,
  work: null,
  ...facts,
});

/** What is wrong in each round; rounds come five seconds apart. */
const rounds = fc.array(
  fc.record({
    lost: fc.uniqueArray(fc.integer({ min: 1, max: hostsMax }), { maxLength: hostsMax }),
    isEvent: fc.boolean(),
    severity: fc.constantFrom(...severities),
    silenced: fc.boolean(),
  }),
  { minLength: 1, maxLength: 120 },
);

test("of one key there is never more than one open alert, each is told open before anything else and resolved once", () => {
  fc.assert(
    fc.property(rounds, (script) => {
      const judge = createAlertJudge();
      const told = new Map<AlertId, string[]>();
      let ids = 100;
      for (const [at, { lost, isEvent, severity, silenced }] of script.entries()) {
        const members = isEvent ? lost.filter((number) => number <= 3) : [];
        const single = lost.filter((number) => !members.includes(number));
        const causes = [
          ...(members.length === 0 ? [] : [causeOf("domain-event", members)]),
          ...single.map((number) => causeOf("host-lost", [number], { severity })),
        ];
        const judged = judge.judge({
          causes,
          whyQuiet: () => (silenced ? { by: "silence", words: "ann: quiet" } : null),
          nowMs: unixMs(at * 5_000),
          now: monotonicMs(at * 5_000),
          isBlind: false,
          newId: () => {
            ids += 1;
            return alertIdOf(ids);
          },
        });
        for (const { alert, transition } of judged.tell)
          told.set(alert.id, [...(told.get(alert.id) ?? []), transition]);
        const open = [...judge.open.values()];
        expect(new Set(open.map(({ id }) => id)).size).toBe(open.length);
        // What a domain event covers has no alert of its own.
        const covered = new Set(members.map((number) => hostIdOf(number)));
        for (const { kind, hosts } of open)
          if (kind === "host-lost") expect(hosts.some(({ id }) => covered.has(id))).toBe(false);
        // Nothing new is told of what is silenced.
        if (silenced)
          expect(judged.tell.filter(({ transition }) => transition !== "resolved")).toEqual([]);
      }
      for (const transitions of told.values()) {
        expect(transitions[0]).toBe("opened");
        expect(transitions.filter((one) => one === "opened")).toHaveLength(1);
        const end = transitions.indexOf("resolved");
        if (end >= 0) expect(end).toBe(transitions.length - 1);
      }
    }),
  );
});

test("however a cause comes and goes within the time that clears it, it is one alert", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: alertNumbers.clearMs / 1_000 - 1 }), { maxLength: 60 }),
      (gapsS) => {
        const judge = createAlertJudge();
        const seen = new Set<string>();
        let now = 0;
        const round = (causes: readonly Cause[]): void => {
          judge.judge({
            causes,
            whyQuiet: () => null,
            nowMs: unixMs(now),
            now: monotonicMs(now),
            isBlind: false,
            newId: () => alertIdOf(seen.size + 1),
          });
          for (const { id } of judge.open.values()) seen.add(id);
        };
        for (const gapS of gapsS) {
          round([causeOf("disk", [1])]);
          now += 1_000;
          round([]);
          now += (gapS - 1) * 1_000;
        }
        expect(seen.size).toBe(Math.min(1, gapsS.length));
      },
    ),
  );
});

test("planned work never silences a domain event, safe mode or a broken audit; a person's word does", () => {
  fc.assert(
    fc.property(fc.constantFrom(...alertKinds), fc.boolean(), (kind, isSilenced) => {
      const cause = causeOf(kind, [1], { work: "web-1 is servicing" });
      const silence = {
        id: "s" as never,
        selector: `kind=${kind}`,
        reason: "known",
        by: "ann",
        createdMs: unixMs(0),
        untilMs: unixMs(10),
        endedMs: null,
        endedBy: null,
      };
      const quiet = createSilencer(isSilenced ? [silence] : [], unixMs(5))(cause);
      if (!neverWork.has(kind)) expect(quiet?.by).toBe("work");
      else expect(quiet?.by).toBe(isSilenced ? "silence" : undefined);
      expect(createSilencer([silence], unixMs(10))(causeOf(kind, [1]))).toBeNull();
    }),
  );
});

test("of one alert nothing overtakes what came before, and what was tried as one stays one", () => {
  const some = fc.array(
    fc.record({
      alert: fc.integer({ min: 1, max: 4 }),
      dueS: fc.integer({ min: -60, max: 60 }),
      batch: fc.option(fc.integer({ min: 1, max: 2 }), { nil: null }),
    }),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(some, fc.constantFrom(1, 100), fc.boolean(), (drawn, batchMax, prefersNew) => {
      const nowMs = unixMs(1_000_000_000);
      const waiting = drawn.map(({ alert, dueS, batch }, at) =>
        deliveryRecord(at + 1, {
          alertId: alertIdOf(alert),
          nextMs: unixMs(nowMs + dueS * 1_000),
          createdMs: unixMs(nowMs - 120_000),
          batchId: batch === null ? null : deliveryRecord(90 + batch).id,
        }),
      );
      const next = nextBatch(waiting, { digestMs: 0, batchMax }, nowMs, prefersNew);
      if (next.kind === "wait") {
        expect(next.untilMs === null || next.untilMs > nowMs).toBe(true);
        return;
      }
      const chosen = new Set(next.deliveries.map(({ id }) => id));
      const [first] = next.deliveries;
      if (first?.batchId != null) {
        const whole = waiting.filter(({ batchId }) => batchId === first.batchId);
        expect(next.deliveries).toEqual(whole);
        return;
      }
      expect(next.deliveries.length).toBeLessThanOrEqual(batchMax);
      for (const one of next.deliveries)
        for (const before of waiting)
          if (before.alertId === one.alertId && before.id < one.id)
            expect(chosen.has(before.id)).toBe(true);
    }),
  );
});

test("a pause between tries is never shorter than asked, never longer than the longest, and ends after a day", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: 0, max: 90_000_000 }),
      fc.option(fc.integer({ min: 0, max: 10_000_000 }), { nil: null }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (attempts, ageMs, retryAfterMs, drawn) => {
        const nowMs = 1_000_000_000 + ageMs;
        const delivery = { attempts, createdMs: unixMs(1_000_000_000) };
        const outcome = { kind: "failed", words: "x", retryAfterMs } as const;
        const atMs = nextTryMs(delivery, outcome, nowMs, { next: () => drawn });
        const { retryAfterMsMax, retryMsMax, retryMsMin, deliverForMs } = alertNumbers;
        const asked = Math.min(retryAfterMs ?? 0, retryAfterMsMax);
        if (atMs === null)
          expect(ageMs + Math.max(asked, retryMsMin + retryMsMax)).toBeGreaterThan(deliverForMs);
        else {
          expect(atMs - nowMs).toBeGreaterThanOrEqual(Math.max(asked, retryMsMin));
          expect(atMs - nowMs).toBeLessThanOrEqual(Math.max(asked, retryMsMin + retryMsMax));
          expect(atMs - 1_000_000_000).toBeLessThanOrEqual(deliverForMs);
        }
      },
    ),
  );
});

test("a channel is never sent more in an hour than its bound and a tenth", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      fc.array(fc.integer({ min: 0, max: 120 }), { minLength: 1, maxLength: 300 }),
      (perHour, gapsS) => {
        const bound = createRateBound(perHour);
        const taken: number[] = [];
        let now = 0;
        for (const gapS of gapsS) {
          now += gapS * 1_000;
          if (bound.take(monotonicMs(now))) taken.push(now);
          else expect(bound.waitMs(monotonicMs(now))).toBeGreaterThan(0);
        }
        for (const from of taken) {
          const within = taken.filter((at) => at >= from && at < from + 3_600_000).length;
          expect(within).toBeLessThanOrEqual(perHour + Math.max(1, Math.ceil(perHour / 10)));
        }
      },
    ),
  );
});
