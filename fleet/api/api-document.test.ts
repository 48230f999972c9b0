import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { problems } from "./problems.ts";
import { eventTopics } from "./event-topics.ts";
import { hostSortKeys } from "./host-schemas.ts";

const folder = import.meta.dirname;
const document = readFileSync(join(folder, "../../docs/api.md"), "utf8");

test("docs/api.md names every route", () => {
  const routes = readFileSync(join(folder, "golden/routes.txt"), "utf8").trimEnd().split("\n");
  expect(routes.length).toBeGreaterThan(20);
  for (const route of routes) {
    const [method = "", path = ""] = route.split(/\s+/);
    const short = `\`${method} ${path.replace("/api/v1", "")}`;
    expect(document.includes(`${short}\``) || document.includes(`${short}?`), short).toBe(true);
  }
});

test("docs/api.md names every refusal, every event and every order", () => {
  for (const word of [...Object.keys(problems), ...eventTopics, ...hostSortKeys]) {
    expect(document).toContain(`\`${word}\``);
  }
});
