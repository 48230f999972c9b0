import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findDeadLinks } from "./doc-links.ts";
import { listFiles, repositoryRoot } from "./source-files.ts";

test("no relative link in a Markdown file is dead", () => {
  const documents = listFiles(repositoryRoot, ["."], /\.md$/);
  expect(documents).toContain("CONTRIBUTING.md");
  expect(documents.flatMap((path) => findDeadLinks(repositoryRoot, path))).toEqual([]);
});

test("dead links are seen, living ones and code are left alone", () => {
  const root = mkdtempSync(join(tmpdir(), "wws-doc-links-"));
  onTestFinished(() => {
    rmSync(root, { recursive: true });
  });
  writeFileSync(join(root, "b.md"), "# Set up\n\n## A `wws-agent`, twice\n\n## Set up\n");
  writeFileSync(
    join(root, "a.md"),
    [
      "[lives](b.md) [lives](./b.md#set-up-1) [lives](b.md#a-wws-agent-twice) [lives](#top)",
      "# Top",
      "[elsewhere](https://example.org/b.md) `[code](gone.md)` ![dead](gone.png)",
      "```\n[code](gone.md)\n```",
      "[dead](b.md#nothing) [dead](#nowhere) [dead][name] [dead](/etc/hosts)",
      '[dead](c.md "title")',
      "[name]: d.md",
    ].join("\n"),
  );
  const dead = findDeadLinks(root, "a.md").map((sentence) => sentence.split(",")[0]);
  expect(dead.sort()).toEqual([
    "a.md links to #nowhere",
    "a.md links to /etc/hosts",
    "a.md links to b.md#nothing",
    "a.md links to c.md",
    "a.md links to d.md",
    "a.md links to gone.png",
  ]);
});
