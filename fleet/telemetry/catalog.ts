import type { Block } from "./blocks.ts";
import type { Dictionaries } from "./dictionaries.ts";
import type { FileLeases } from "./file-leases.ts";
import type { LogDamage } from "./read-segment.ts";
import type { Segment } from "./segments.ts";

/** All files with points in them; a compacted segment's blocks stand where it stood. */
export interface Catalog {
  readonly segments: readonly Segment[];
  readonly blocks: readonly Block[];
  readonly damages: readonly LogDamage[];
  /** From the oldest to the newest: where two hold the same point, the later one counts. */
  sources(): readonly Source[];
  addSegment(segment: Segment): void;
  /** Blocks take a segment's place, in one step. */
  replace(segment: Segment, blocks: readonly Block[]): void;
  removeSegment(segment: Segment): void;
  removeBlock(block: Block): void;
  addDamage(damage: LogDamage): void;
  bytesOnDisk(): number;
}

export type Source =
  | { readonly kind: "segment"; readonly segment: Segment }
  | { readonly kind: "block"; readonly block: Block };

export interface CatalogParts {
  readonly leases: FileLeases;
  readonly dictionaries: Dictionaries;
  readonly segments: readonly Segment[];
  readonly blocks: readonly Block[];
  readonly damages: readonly LogDamage[];
}

/** Damages that are kept; more than these only count as log lines. */
const damagesMax = 1_000;

export function createCatalog(parts: CatalogParts): Catalog {
  const { leases, dictionaries } = parts;
  const segments = [...parts.segments];
  const blocks = [...parts.blocks].sort(byPlace);
  const damages = [...parts.damages];

  const dropSegment = (segment: Segment): void => {
    segments.splice(segments.indexOf(segment), 1);
    for (const dictionary of segment.dictionaries) dictionaries.release(dictionary);
    leases.remove(segment.name);
  };
  const forgetDamages = (number: number): void => {
    const kept = damages.filter((damage) => damage.segment !== number);
    damages.splice(0, damages.length, ...kept);
  };

  return {
    segments,
    blocks,
    damages,
    sources() {
      const all = [
        ...blocks.map((block) => ({ kind: "block", block, number: block.number }) as const),
        ...segments.map(
          (segment) => ({ kind: "segment", segment, number: segment.number }) as const,
        ),
      ];
      return all.sort((left, right) => left.number - right.number);
    },
    addSegment: (segment) => {
      segments.push(segment);
    },
    replace(segment, made) {
      blocks.push(...made);
      blocks.sort(byPlace);
      dropSegment(segment);
    },
    removeSegment(segment) {
      dropSegment(segment);
      forgetDamages(segment.number);
    },
    removeBlock(block) {
      blocks.splice(blocks.indexOf(block), 1);
      leases.remove(block.name);
      if (!blocks.some(({ number }) => number === block.number)) forgetDamages(block.number);
    },
    addDamage(damage) {
      const isKnown = damages.some(
        ({ segment, fromMs, toMs, bytes }) =>
          segment === damage.segment &&
          fromMs === damage.fromMs &&
          toMs === damage.toMs &&
          bytes === damage.bytes,
      );
      if (!isKnown && damages.length < damagesMax) damages.push(damage);
    },
    bytesOnDisk() {
      let bytes = 0;
      for (const segment of segments) bytes += segment.durableBytes;
      for (const block of blocks) bytes += block.bytes;
      return bytes;
    },
  };
}

function byPlace(left: Block, right: Block): number {
  return left.number - right.number || left.part - right.part;
}
