import { Type } from "typebox";
import { Value } from "typebox/value";
import type { ComponentChange, ComponentField } from "#fleet/inventory/component-history.ts";
import type { HardwareProfile } from "#fleet/inventory/hardware-profile.ts";
import type { Component } from "#proto/messages/state.ts";
import { componentSchema, parseJson, wholeComponent } from "./stored-json.ts";

// JSON in the tables of component history, checked when it is read.

const count = Type.Union([Type.Number(), Type.Null()]);
const counts = Type.Union([Type.Record(Type.String(), Type.Number()), Type.Null()]);

const profileSchema = Type.Object({
  processorModel: Type.Union([Type.String(), Type.Null()]),
  sockets: count,
  cores: count,
  numaNodes: count,
  dimms: counts,
  disks: counts,
  ports: count,
  supplies: count,
  gpus: counts,
});

const changeSchema = Type.Union([
  Type.Object({
    kind: Type.Enum(["added", "returned", "removed"]),
    component: componentSchema,
  }),
  Type.Object({
    kind: Type.Literal("replaced"),
    before: componentSchema,
    component: componentSchema,
  }),
  Type.Object({
    kind: Type.Literal("changed"),
    before: componentSchema,
    component: componentSchema,
    fields: Type.Array(Type.Unsafe<ComponentField>(Type.String())),
  }),
]);

/** Each answers undefined: not JSON, or not of this release. */
export function parseStoredComponent(json: string): Component | undefined {
  const value = parseJson(json);
  return Value.Check(componentSchema, value) ? wholeComponent(value) : undefined;
}

export function parseStoredChange(json: string): ComponentChange | undefined {
  const value = parseJson(json);
  if (!Value.Check(changeSchema, value)) return undefined;
  const component = wholeComponent(value.component);
  if (value.kind === "changed" || value.kind === "replaced")
    return { ...value, component, before: wholeComponent(value.before) };
  return { ...value, component };
}

export function parseStoredProfile(json: string): HardwareProfile | undefined {
  const value = parseJson(json);
  return Value.Check(profileSchema, value) ? value : undefined;
}
