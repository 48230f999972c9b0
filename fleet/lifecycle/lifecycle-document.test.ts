import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { phases } from "#fleet/inventory/host-record.ts";
import { operationKinds } from "#fleet/inventory/running-operation.ts";
import { holdKinds } from "./hold.ts";
import { writeLifecycleTables } from "./lifecycle-document.ts";

const document = readFileSync(join(import.meta.dirname, "../../docs/host-lifecycle.md"), "utf8");

test("docs/host-lifecycle.md shows the table as the code has it", () => {
  const shown = /<!-- made from the table -->\n([\s\S]*?)\n<!-- end -->/.exec(document)?.[1];
  expect(shown).toBe(writeLifecycleTables());
});

test("docs/host-lifecycle.md names every phase, operation and hold", () => {
  for (const word of [...phases, ...operationKinds, ...holdKinds])
    expect(document).toContain(`\`${word}\``);
});
