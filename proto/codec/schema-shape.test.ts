import { join } from "node:path";
import protobuf from "protobufjs";
import { expect, test } from "vitest";
import { agentFrameShape, type MessageShape, managerFrameShape } from "./frame-shape.ts";

const schemaFile = join(import.meta.dirname, "../schema/agent.proto");
const root = protobuf.loadSync(schemaFile);

/** Paths of all fields that become an object or a list entry, with their number. */
function countedFields(message: protobuf.Type, where: string): string[] {
  return message.fieldsArray.flatMap((field) => {
    const inside = field.resolve().resolvedType;
    const nested = inside instanceof protobuf.Type ? inside : undefined;
    if (!field.repeated && !nested) return [];
    const path = `${where}/${field.id} ${unCamel(field.name)}`;
    return [path, ...(nested ? countedFields(nested, path) : [])];
  });
}

function shapePaths(shape: MessageShape, where: string): string[] {
  return Object.entries(shape).flatMap(([id, part]) => {
    const path = `${where}/${id} ${part.name}`;
    return [path, ...shapePaths(part.inside ?? {}, path)];
  });
}

function unCamel(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

test.each([
  ["AgentFrame", agentFrameShape],
  ["ManagerFrame", managerFrameShape],
])("every list and every message in a %s of the schema has a limit", (name, shape) => {
  const expected = countedFields(root.lookupType(`wws.v1.${name}`), "").toSorted();
  expect(expected.length).toBeGreaterThan(5);
  expect(shapePaths(shape, "").toSorted()).toEqual(expected);
});

test("the schema nests less deep than the limit and has no map, group or endless nesting", () => {
  const depthOf = (message: protobuf.Type, depth: number): number => {
    expect(depth).toBeLessThan(16);
    return Math.max(
      depth,
      ...message.fieldsArray.map((field) => {
        expect(field.map).toBe(false);
        const inside = field.resolve().resolvedType;
        return inside instanceof protobuf.Type ? depthOf(inside, depth + 1) : depth;
      }),
    );
  };
  expect(depthOf(root.lookupType("wws.v1.AgentFrame"), 1)).toBeLessThanOrEqual(5);
  expect(depthOf(root.lookupType("wws.v1.ManagerFrame"), 1)).toBeLessThanOrEqual(5);
});

test("every enum of the schema begins with UNSPECIFIED", () => {
  const namespace = root.lookup("wws.v1");
  if (!(namespace instanceof protobuf.Namespace)) throw new Error("the schema has no wws.v1");
  const enums = namespace.nestedArray.filter((entry) => entry instanceof protobuf.Enum);
  expect(enums.length).toBeGreaterThan(4);
  for (const entry of enums) expect(entry.valuesById[0]).toMatch(/_UNSPECIFIED$/);
});
