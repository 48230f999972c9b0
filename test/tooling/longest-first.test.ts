import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { secondsOfLongFiles } from "./longest-first.ts";
import { repositoryRoot } from "./places.ts";

test("every file that is named as taking long is there", () => {
  const gone = Object.keys(secondsOfLongFiles).filter(
    (file) => !existsSync(join(repositoryRoot, file)),
  );
  expect(gone).toEqual([]);
});
