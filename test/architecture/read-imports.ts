import { parseSync } from "vite";
import { guardedGlobals } from "./import-table.ts";

export type Import = {
  readonly specifier: string;
  /** True where nothing of it is left at run time: `import type`, `export type`, `import("…").T`. */
  readonly typesOnly: boolean;
  /** The names imported; "*" for the whole module. */
  readonly names: readonly string[];
  readonly line: number;
};

export type FileFacts = {
  readonly imports: readonly Import[];
  readonly globals: readonly { readonly name: string; readonly line: number }[];
  readonly problems: readonly string[];
};

type Node = { readonly type: string; readonly start: number; readonly [key: string]: unknown };

/** Every import of a TypeScript file, of values and of types, and every guarded global it names. */
export function readImports(path: string, text: string): FileFacts {
  const parsed = parseSync(path, text);
  const problems = parsed.errors.map((error) => `cannot be parsed: ${error.message}`);
  const imports: Import[] = [];
  const globals: { name: string; line: number }[] = [];
  const lineOf = (offset: number) => text.slice(0, offset).split("\n").length;

  const add = (node: Node, source: unknown, typesOnly: boolean, names: readonly string[]) => {
    const specifier = literalText(source);
    if (specifier === undefined) {
      problems.push(`line ${lineOf(node.start)}: imports what only run time knows`);
    } else {
      imports.push({ specifier, typesOnly, names, line: lineOf(node.start) });
    }
  };

  const visit = (node: Node, parent: Node | undefined, key: string) => {
    switch (node.type) {
      case "ImportDeclaration":
        add(node, node["source"], node["importKind"] === "type", specifierNames(node));
        return;
      case "ExportNamedDeclaration":
        if (isNode(node["source"])) {
          add(node, node["source"], node["exportKind"] === "type", specifierNames(node));
          return;
        }
        break;
      case "ExportAllDeclaration":
        add(node, node["source"], node["exportKind"] === "type", ["*"]);
        return;
      case "ImportExpression":
        add(node, node["source"], false, ["*"]);
        break;
      case "TSImportType":
        add(node, node["source"], true, ["*"]);
        break;
      case "TSExternalModuleReference":
        add(node, node["expression"], false, ["*"]);
        break;
      case "MemberExpression": {
        const name = memberName(node);
        if (name !== undefined && isGuarded(name)) {
          globals.push({ name, line: lineOf(node.start) });
        }
        break;
      }
      case "Identifier": {
        const name = String(node["name"]);
        if (isGuarded(name) && !isPropertyName(node, parent, key)) {
          globals.push({ name, line: lineOf(node.start) });
        }
        break;
      }
    }
    for (const [childKey, child] of Object.entries(node)) {
      for (const one of Array.isArray(child) ? child : [child]) {
        if (isNode(one)) {
          visit(one, node, childKey);
        }
      }
    }
  };
  const program: unknown = parsed.program;
  if (isNode(program)) {
    visit(program, undefined, "");
  }
  return { imports, globals, problems };
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

function isGuarded(name: string): boolean {
  return (guardedGlobals as readonly string[]).includes(name);
}

function literalText(source: unknown): string | undefined {
  if (!isNode(source)) {
    return undefined;
  }
  if (source.type === "Literal" && typeof source["value"] === "string") {
    return source["value"];
  }
  return source.type === "TSLiteralType" ? literalText(source["literal"]) : undefined;
}

function specifierNames(declaration: Node): readonly string[] {
  const specifiers = declaration["specifiers"];
  if (!Array.isArray(specifiers)) {
    return [];
  }
  return specifiers.map((one: unknown) => {
    const imported = isNode(one) ? (one["imported"] ?? one["local"]) : undefined;
    const isNamed =
      isNode(one) && (one.type === "ImportSpecifier" || one.type === "ExportSpecifier");
    return isNamed && isNode(imported) ? String(imported["name"] ?? imported["value"]) : "*";
  });
}

/** `Math.random` and `AbortSignal.timeout`, also written with brackets. */
function memberName(node: Node): string | undefined {
  const object = node["object"];
  const property = node["property"];
  if (!isNode(object) || object.type !== "Identifier" || !isNode(property)) {
    return undefined;
  }
  const last = node["computed"] === true ? literalText(property) : String(property["name"]);
  return last === undefined ? undefined : `${String(object["name"])}.${last}`;
}

/** A name after a dot or before a colon names a property, not the global. */
function isPropertyName(node: Node, parent: Node | undefined, key: string): boolean {
  if (parent === undefined) {
    return false;
  }
  if (parent.type === "MemberExpression") {
    return key === "property" && parent["computed"] !== true;
  }
  if (parent.type === "TSQualifiedName") {
    return key === "right";
  }
  // A shorthand `{ fetch }` stands in the tree twice, as key and as value: the value is counted.
  return key === "key" && parent["computed"] !== true && parent["value"] !== node;
}
