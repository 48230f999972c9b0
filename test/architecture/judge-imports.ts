import { posix } from "node:path";
import {
  computingBuiltins,
  configFileRule,
  type ModuleRule,
  pureCrypto,
  testRule,
} from "./import-table.ts";
import { type Import, readImports } from "./read-imports.ts";

export type SourceFile = { readonly path: string; readonly text: string };
export type ImportTable = Readonly<Record<string, ModuleRule>>;

const aliases = ["#proto/", "#agent/", "#fleet/", "#test/"] as const;
const products = ["agent", "fleet", "proto"];

/** Each import and each guarded global that the table does not allow, as a sentence. */
export function judgeImports(files: readonly SourceFile[], table: ImportTable): readonly string[] {
  return files.flatMap((file) => judgeFile(file, table));
}

/** agent/link/outbox.ts → agent/link; agent/main.ts → itself; test/… → test/support or its folder. */
export function moduleOf(path: string): string {
  return path.split("/").slice(0, 2).join("/");
}

function judgeFile(file: SourceFile, table: ImportTable): readonly string[] {
  const facts = readImports(file.path, file.text);
  const kind = kindOf(file.path);
  const module = moduleOf(file.path);
  const rule = table[module];
  const say = (line: number, what: string) => `${file.path}:${line} ${what}`;
  const found = facts.problems.map((problem) => `${file.path} ${problem}`);

  if (rule === undefined && products.includes(module.split("/")[0] ?? "")) {
    return [...found, `${file.path}: ${module} has no row in test/architecture/import-table.ts`];
  }
  for (const one of facts.imports) {
    const refusal = refusalOf(file.path, kind, rule, one);
    if (refusal !== undefined) {
      found.push(say(one.line, refusal));
    }
  }
  if (kind === "source" && rule !== undefined) {
    const granted: readonly string[] = rule.globals ?? [];
    for (const { name, line } of facts.globals) {
      if (!granted.includes(name)) {
        found.push(say(line, `names ${name}, which ${module} must be handed`));
      }
    }
  }
  return found;
}

type FileKind = "source" | "unit-test" | "config" | "free";

function kindOf(path: string): FileKind {
  if (!products.includes(path.split("/")[0] ?? "")) {
    return "free";
  }
  if (/\.test\.tsx?$/.test(path)) {
    return "unit-test";
  }
  return /\.config\.ts$/.test(path) ? "config" : "source";
}

function refusalOf(
  from: string,
  kind: FileKind,
  rule: ModuleRule | undefined,
  one: Import,
): string | undefined {
  if (one.specifier.startsWith("node:")) {
    return builtinRefusal(kind, rule, one);
  }
  if (one.specifier.startsWith("#") || one.specifier.startsWith(".")) {
    return fileRefusal(from, kind, rule, one);
  }
  return packageRefusal(kind, rule, one);
}

function builtinRefusal(
  kind: FileKind,
  rule: ModuleRule | undefined,
  { specifier, names, typesOnly }: Import,
): string | undefined {
  if (kind !== "source" || rule === undefined) {
    return undefined;
  }
  const listed = rule.node ?? [];
  if (listed.includes(specifier) || listed.includes("node:*")) {
    return undefined;
  }
  if (rule.effects !== "none") {
    const computes = (computingBuiltins as readonly string[]).includes(specifier);
    return computes ? undefined : `imports ${specifier}, which its row does not list`;
  }
  const isPure = names.every((name) => (pureCrypto as readonly string[]).includes(name));
  if (specifier === "node:crypto" && (typesOnly || (isPure && names.length > 0))) {
    return undefined;
  }
  return `imports ${specifier}, but the module is pure`;
}

function packageRefusal(
  kind: FileKind,
  rule: ModuleRule | undefined,
  { specifier, typesOnly }: Import,
): string | undefined {
  if (kind === "free") {
    return undefined;
  }
  const name = packageName(specifier);
  const listed = [
    ...(rule?.npm ?? []),
    ...(kind === "unit-test" ? testRule.npm : []),
    ...(kind === "config" ? configFileRule.npm : []),
  ];
  for (const entry of listed) {
    if (entry === name) {
      return undefined;
    }
    if (typeof entry === "object" && entry.name === name) {
      return typesOnly ? undefined : `imports values of ${name}, but only its types are allowed`;
    }
  }
  return `imports the package ${name}, which its row does not list`;
}

function packageName(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

function fileRefusal(
  from: string,
  kind: FileKind,
  rule: ModuleRule | undefined,
  one: Import,
): string | undefined {
  const target = targetOf(from, one.specifier);
  if (target === undefined) {
    return `imports ${one.specifier}, an alias that package.json does not define`;
  }
  const own = moduleOf(from);
  const theirs = moduleOf(target);
  if (/^(agent|fleet)\/main\.ts$/.test(target)) {
    return `imports ${target}; nothing imports a main.ts`;
  }
  if (theirs === own) {
    return undefined;
  }
  if (one.specifier.startsWith(".") && kind !== "free" && !areRootFiles(from, target)) {
    return `leaves its module by ${one.specifier}; write #${target}`;
  }
  if (one.specifier.startsWith("..") && kind === "free" && leavesTop(from, target)) {
    return `leaves ${from.split("/")[0]}/ by ${one.specifier}; write #${target}`;
  }
  if (kind === "free" || theirs === "proto/vocabulary") {
    return undefined;
  }
  return moduleRefusal(kind, rule, { own, theirs, target, typesOnly: one.typesOnly });
}

/** agent/main.ts and agent/agent.ts lie side by side, and say ./ to each other. */
function areRootFiles(from: string, target: string): boolean {
  return posix.dirname(from) === posix.dirname(target) && !posix.dirname(from).includes("/");
}

function leavesTop(from: string, target: string): boolean {
  return from.split("/")[0] !== target.split("/")[0];
}

function targetOf(from: string, specifier: string): string | undefined {
  if (specifier.startsWith(".")) {
    return posix.normalize(posix.join(posix.dirname(from), specifier));
  }
  return aliases.some((alias) => specifier.startsWith(alias))
    ? posix.normalize(specifier.slice(1))
    : undefined;
}

type Crossing = {
  readonly own: string;
  readonly theirs: string;
  readonly target: string;
  readonly typesOnly: boolean;
};

function moduleRefusal(
  kind: FileKind,
  rule: ModuleRule | undefined,
  { own, theirs, target, typesOnly }: Crossing,
): string | undefined {
  const listed = [...(rule?.modules ?? []), ...(kind === "unit-test" ? testRule.modules : [])];
  let partly = false;
  for (const entry of listed) {
    if (entry === theirs || entry === `${theirs.split("/")[0]}/*`) {
      return undefined;
    }
    if (typeof entry === "object" && entry.module === theirs) {
      if (typesOnly || entry.valuesFrom.some((part) => isWithin(target, `${theirs}/${part}`))) {
        return undefined;
      }
      partly = true;
    }
  }
  return partly
    ? `imports values from ${target}, but ${own} may take only types from there`
    : `imports ${target}, but ${own} may not import ${theirs}`;
}

function isWithin(target: string, part: string): boolean {
  return target === part || target.startsWith(`${part}/`);
}
