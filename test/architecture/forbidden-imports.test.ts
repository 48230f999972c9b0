import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { importTable } from "./import-table.ts";
import { judgeImports } from "./judge-imports.ts";
import { readSources } from "./source-files.ts";

/** Each kind of import that must be refused, planted in a tree of its own. */
let tree = "";
beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), "wws-architecture-"));
});
afterEach(() => {
  rmSync(tree, { recursive: true });
});

function judge(path: string, text: string): readonly string[] {
  const file = join(tree, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return judgeImports(readSources(tree, [path.split("/")[0] ?? ""]), importTable);
}

const forbidden: readonly (readonly [what: string, path: string, text: string, answer: RegExp])[] =
  [
    [
      "the agent imports the fleet",
      "agent/link/a.ts",
      'import { x } from "#fleet/gateway/x.ts";',
      /may not import fleet\/gateway/,
    ],
    [
      "the agent imports a type of the fleet",
      "agent/link/a.ts",
      'import type { X } from "#fleet/gateway/x.ts";',
      /may not import fleet\/gateway/,
    ],
    [
      "the agent's main imports the fleet",
      "agent/main.ts",
      'import { x } from "#fleet/gateway/x.ts";',
      /may not import fleet\/gateway/,
    ],
    [
      "the fleet imports the agent",
      "fleet/gateway/a.ts",
      'import { x } from "#agent/link/x.ts";',
      /may not import agent\/link/,
    ],
    [
      "proto imports a side",
      "proto/codec/a.ts",
      'import { x } from "#agent/link/x.ts";',
      /may not import agent\/link/,
    ],
    [
      "the vocabulary imports anything",
      "proto/vocabulary/a.ts",
      'import { x } from "#proto/messages/x.ts";',
      /may not import proto\/messages/,
    ],
    [
      "a module imports one that its row does not list",
      "fleet/inventory/a.ts",
      'import { x } from "#fleet/telemetry/x.ts";',
      /may not import fleet\/telemetry/,
    ],
    [
      "a re-export crosses",
      "fleet/inventory/a.ts",
      'export { x } from "#fleet/telemetry/x.ts";',
      /may not import/,
    ],
    [
      "a whole re-export crosses",
      "fleet/inventory/a.ts",
      'export * from "#fleet/telemetry/x.ts";',
      /may not import/,
    ],
    [
      "a re-exported type crosses",
      "fleet/inventory/a.ts",
      'export type { X } from "#fleet/telemetry/x.ts";',
      /may not import/,
    ],
    [
      "an inline type import crosses",
      "fleet/inventory/a.ts",
      'export type X = import("#fleet/telemetry/x.ts").X;',
      /may not import/,
    ],
    [
      "a dynamic import crosses",
      "fleet/inventory/a.ts",
      'export const x = () => import("#fleet/telemetry/x.ts");',
      /may not import/,
    ],
    [
      "a dynamic import hides its target",
      "fleet/api/a.ts",
      "export const x = (y: string) => import(y);",
      /only run time knows/,
    ],
    [
      "a value comes where only types may",
      "fleet/storage/a.ts",
      'import { x } from "#fleet/inventory/x.ts";',
      /only types/,
    ],
    [
      "an inline type marker leaves the import standing",
      "fleet/storage/a.ts",
      'import { type X } from "#fleet/inventory/x.ts";',
      /only types/,
    ],
    [
      "a collector imports more than the port",
      "agent/collectors/a.ts",
      'import { x } from "#agent/hardware/live.ts";',
      /only types/,
    ],
    [
      "the console imports the inside of the API",
      "fleet/console/a.tsx",
      'import { x } from "#fleet/api/routes/x.ts";',
      /only types/,
    ],
    [
      "somebody imports the agent's main.ts",
      "agent/agent.ts",
      'import { x } from "./main.ts";',
      /nothing imports a main.ts/,
    ],
    [
      "a test imports the fleet's main.ts",
      "test/end-to-end/a.test.ts",
      'import { x } from "#fleet/main.ts";',
      /nothing imports a main.ts/,
    ],
    [
      "../ leaves a module",
      "fleet/api/a.ts",
      'import { x } from "../inventory/x.ts";',
      /leaves its module.*#fleet\/inventory\/x\.ts/,
    ],
    [
      "../ leaves a module into one it may import",
      "proto/messages/a.ts",
      'import { x } from "../vocabulary/x.ts";',
      /leaves its module/,
    ],
    [
      "a test reaches the product by ../",
      "test/wire/a.test.ts",
      'import { x } from "../../proto/codec/x.ts";',
      /leaves test\//,
    ],
    [
      "an alias nobody defined",
      "fleet/api/a.ts",
      'import { x } from "#shared/x.ts";',
      /does not define/,
    ],
    ["a folder without a row", "fleet/utils/a.ts", "export const x = 1;", /has no row/],
    [
      "a package that the row does not list",
      "fleet/api/a.ts",
      'import ws from "ws";',
      /package ws/,
    ],
    [
      "a scoped package by a deep path",
      "fleet/cli/a.ts",
      'import x from "@fastify/static/lib/x.js";',
      /package @fastify\/static/,
    ],
    [
      "a type of a package that the row does not list",
      "fleet/health/a.ts",
      'import type { X } from "kysely";',
      /package kysely/,
    ],
    [
      "a value of a package of which only types may",
      "fleet/api/a.ts",
      'import { pino } from "pino";',
      /only its types/,
    ],
    [
      "a built-in that the row does not list",
      "fleet/gateway/a.ts",
      'import { spawn } from "node:child_process";',
      /node:child_process/,
    ],
    ["a built-in without its prefix", "fleet/health/a.ts", 'import fs from "fs";', /package fs/],
    [
      "a pure module imports a built-in",
      "fleet/health/a.ts",
      'import { join } from "node:path";',
      /is pure/,
    ],
    [
      "a pure module draws random bytes",
      "fleet/identity/a.ts",
      'import { createHash, randomBytes } from "node:crypto";',
      /is pure/,
    ],
    [
      "a pure module takes the whole of crypto",
      "fleet/identity/a.ts",
      'import * as crypto from "node:crypto";',
      /is pure/,
    ],
    [
      "a unit test imports a module that its own may not",
      "fleet/health/a.test.ts",
      'import { x } from "#fleet/storage/x.ts";',
      /may not import fleet\/storage/,
    ],
    [
      "the product imports a test's support",
      "fleet/health/a.ts",
      'import { x } from "#test/support/x.ts";',
      /may not import test\/support/,
    ],
    [
      "the product imports the test runner",
      "fleet/health/a.ts",
      'import { test } from "vitest";',
      /package vitest/,
    ],
    ["a file that does not parse", "fleet/health/a.ts", "export const = ;", /cannot be parsed/],
  ];

test.each(forbidden)("refused: %s", (_what, path, text, answer) => {
  const found = judge(path, text);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(answer);
});

const impure = [
  "export const x = Date.now();",
  "export const x = new Date(0);",
  "export function x(at: Date): number { return Number(at); }",
  "setTimeout(() => {}, 1);",
  "export const x = { setInterval };",
  "export const x = process.env;",
  "export const x = typeof process;",
  'export const x = fetch("http://localhost");',
  "export const x = globalThis;",
  "export const x = Math.random();",
  'export const x = Math["random"]();',
  "export const x = AbortSignal.timeout(1);",
  "export const x = performance.now();",
  "export const x = crypto.randomUUID();",
  'export const x = require("fs");',
  "export const x = class extends WebSocket {};",
];

test.each(impure)("refused in a pure module: %s", (text) => {
  expect(judge("fleet/health/a.ts", text)).toHaveLength(1);
});

const allowed: readonly (readonly [what: string, path: string, text: string])[] = [
  ["its own module by ./", "fleet/health/a.ts", 'import { x } from "./deeper/x.ts";'],
  ["its own module by ../", "fleet/health/deeper/a.ts", 'import { x } from "../x.ts";'],
  [
    "the vocabulary from everywhere",
    "fleet/console/a.tsx",
    'import { x } from "#proto/vocabulary/x.ts";',
  ],
  ["a listed module", "fleet/health/a.ts", 'import { x } from "#fleet/inventory/x.ts";'],
  [
    "types where only types may",
    "fleet/storage/a.ts",
    'import type { X } from "#fleet/inventory/x.ts";',
  ],
  [
    "the port's values",
    "agent/collectors/a.ts",
    'import { x } from "#agent/hardware/hardware-source.ts";',
  ],
  ["the API's client", "fleet/cli/a.ts", 'import { x } from "#fleet/api/client.ts";'],
  ["hashing in a pure module", "fleet/audit/a.ts", 'import { createHash } from "node:crypto";'],
  [
    "a computing built-in beside effects",
    "fleet/storage/a.ts",
    'import { join } from "node:path";',
  ],
  [
    "a property called like a global",
    "fleet/health/a.ts",
    "export const x = (y: { Date: number; process(): void }) => y.Date;",
  ],
  ["a key called like a global", "fleet/health/a.ts", "export const x = { process: 1, fetch: 2 };"],
  ["the root files of a side by ./", "agent/main.ts", 'import { startAgent } from "./agent.ts";'],
  [
    "everything of its side, in main.ts",
    "fleet/main.ts",
    'import { x } from "#fleet/storage/x.ts";\nexport const y = process.argv;',
  ],
  [
    "the runner and support in a unit test",
    "fleet/health/a.test.ts",
    'import { test } from "vitest";\nimport { x } from "#test/support/x.ts";\nimport { readFileSync } from "node:fs";\nexport const y = new Date(0);',
  ],
  [
    "both sides in a test of both",
    "test/scenarios/a.test.ts",
    'import { x } from "#agent/link/x.ts";\nimport { y } from "#fleet/gateway/y.ts";',
  ],
];

test.each(allowed)("allowed: %s", (_what, path, text) => {
  expect(judge(path, text)).toEqual([]);
});
