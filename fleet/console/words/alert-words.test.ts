import { expect, test } from "vitest";
import { inboxCount, placeWords, readInboxView } from "./alert-words.ts";

test("the rail counts what waits for somebody, and nothing where nothing does", () => {
  const silenced = { by: "work", words: "web-1 is servicing" } as const;
  expect(inboxCount([{ silenced: null }, { silenced }])).toBe(1);
  expect(inboxCount([{ silenced }])).toBeNull();
  expect(inboxCount(undefined)).toBeNull();
});

test("a place is told as far as it is known", () => {
  const place = { region: "eu", site: "fra2", row: null, rack: null };
  expect(placeWords({ place })).toBe("eu/fra2");
  expect(placeWords({ place: { region: null, site: null, row: null, rack: null } })).toBe("");
});

test.each([
  ["", "open"],
  ["show=resolved", "resolved"],
  ["show=nonsense", "open"],
])("the address %j shows %s alerts", (text, name) => {
  expect(readInboxView(new URLSearchParams(text)).name).toBe(name);
});
