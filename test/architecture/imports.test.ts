import { expect, test } from "vitest";
import { importTable } from "./import-table.ts";
import { judgeImports } from "./judge-imports.ts";
import { readSources, repositoryRoot } from "./source-files.ts";

const sources = readSources(repositoryRoot, ["agent", "fleet", "proto", "test"]);

test("every import is one that the table allows", () => {
  expect(sources.length).toBeGreaterThan(0);
  expect(judgeImports(sources, importTable)).toEqual([]);
});

test("no test replaces a module or the clock behind its back", () => {
  const replacing = /\bvi\s*\.\s*(mock|doMock|unmock|hoisted|useFakeTimers|stubGlobal)\s*\(/;
  const found = sources.filter(
    ({ path, text }) => path.endsWith(".test.ts") && replacing.test(text),
  );
  expect(found.map(({ path }) => path)).toEqual([]);
});
