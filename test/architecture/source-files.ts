import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { SourceFile } from "./judge-imports.ts";

export const repositoryRoot = join(import.meta.dirname, "../..");

const skipped = new Set(["node_modules", ".git", "data", "dist", "generated", "coverage"]);

/** The TypeScript files under the folders named, with paths from `root`, in order. */
export function readSources(root: string, folders: readonly string[]): readonly SourceFile[] {
  return listFiles(root, folders, /\.tsx?$/)
    .filter((path) => !path.endsWith(".d.ts"))
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}

export function listFiles(root: string, folders: readonly string[], ending: RegExp): string[] {
  const found: string[] = [];
  const walk = (folder: string) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (skipped.has(entry.name)) {
        continue;
      }
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        walk(path);
      } else if (ending.test(entry.name)) {
        found.push(relative(root, path).split(sep).join("/"));
      }
    }
  };
  for (const folder of folders) {
    walk(join(root, folder));
  }
  return found.sort();
}
