import type { Component, ComponentKind, Identity } from "#proto/messages/state.ts";
import { toWireText } from "#proto/vocabulary/wire-text.ts";
import type { wws } from "#proto/generated/wire.js";
import { enumWords } from "./enum-words.ts";
import { factText, optionalFact, optionalNumber, wholeNumber } from "./field-checks.ts";

const componentKinds = enumWords<ComponentKind>("unspecified", {
  unspecified: 0,
  disk: 1,
  nic: 2,
  dimm: 3,
  psu: 4,
  gpu: 5,
  bmc: 6,
  board: 7,
  cpu: 8,
  controller: 9,
});

/** Texts of an identity, each optional: the same name here and in the schema. */
const textFields = [
  "hostname",
  "manufacturer",
  "product",
  "serial",
  "systemUuid",
  "assetTag",
  "boardManufacturer",
  "boardProduct",
  "boardSerial",
  "firmwareVendor",
  "firmwareVersion",
  "firmwareDate",
  "virtualization",
  "kernel",
  "os",
  "architecture",
] as const satisfies readonly (keyof Identity & keyof wws.v1.Identity.$Properties)[];

const componentTextFields = [
  "vendor",
  "model",
  "serial",
  "firmware",
  "address",
  "interface",
  "partNumber",
  "parent",
  "neighbor",
] as const satisfies readonly (keyof Component & keyof wws.v1.Component.$Properties)[];

type Texts<Name extends string> = Record<Name, string | null>;

export function identityToWire(identity: Identity): wws.v1.Identity.$Properties {
  const { processor } = identity;
  return {
    ...textsToWire(textFields, identity),
    processor: processor && { ...processor, model: toWireText(processor.model) },
    memoryBytes: identity.memoryBytes,
    numaNodes: identity.numaNodes,
    components: identity.components.map((component) => ({
      ...textsToWire(componentTextFields, component),
      kind: componentKinds.toNumber(component.kind),
      slot: toWireText(component.slot),
      sizeBytes: component.sizeBytes,
      speedBitsPerSecond: component.speedBitsPerSecond,
      rotational: component.rotational,
    })),
  };
}

/** All its texts are facts: unsafe characters become U+FFFD. */
export function identityFromWire(fields: wws.v1.Identity.$Properties, where: string): Identity {
  const { processor } = fields;
  return {
    ...textsFromWire(textFields, fields, where),
    processor: processor ? processorFromWire(processor, `${where}.processor`) : null,
    memoryBytes: optionalNumber(fields.memoryBytes, `${where}.memory_bytes`),
    numaNodes: optionalNumber(fields.numaNodes, `${where}.numa_nodes`),
    components: (fields.components ?? []).map((field) =>
      componentFromWire(field, `${where}.components`),
    ),
  };
}

function processorFromWire(
  field: wws.v1.Processor.$Properties,
  where: string,
): NonNullable<Identity["processor"]> {
  return {
    model: factText(field.model, `${where}.model`),
    sockets: wholeNumber(field.sockets, `${where}.sockets`),
    cores: wholeNumber(field.cores, `${where}.cores`),
    threads: wholeNumber(field.threads, `${where}.threads`),
  };
}

function componentFromWire(field: wws.v1.Component.$Properties, where: string): Component {
  return {
    ...textsFromWire(componentTextFields, field, where),
    kind: componentKinds.toWord(field.kind),
    slot: factText(field.slot, `${where}.slot`),
    sizeBytes: optionalNumber(field.sizeBytes, `${where}.size_bytes`),
    speedBitsPerSecond: optionalNumber(field.speedBitsPerSecond, `${where}.speed_bits_per_second`),
    rotational: field.rotational ?? null,
  };
}

function textsToWire<Name extends string>(names: readonly Name[], texts: Texts<Name>): Texts<Name> {
  const wire: Partial<Texts<Name>> = {};
  for (const name of names) {
    const text = texts[name];
    wire[name] = text === null ? null : toWireText(text);
  }
  // Every name has just been set.
  return wire as Texts<Name>;
}

function textsFromWire<Name extends string>(
  names: readonly Name[],
  fields: { readonly [Key in Name]?: string | null },
  where: string,
): Texts<Name> {
  const texts: Partial<Texts<Name>> = {};
  for (const name of names) texts[name] = optionalFact(fields[name], `${where}.${name}`);
  return texts as Texts<Name>;
}
