import type { Dictionary, Series } from "#proto/messages/series.ts";
import type { MetricKind } from "#proto/vocabulary/metric-definition.ts";
import { findMetric, type MetricName, metrics } from "#proto/vocabulary/metrics.ts";
import { wireLimits } from "#proto/vocabulary/wire-limits.ts";
import type { wws } from "#proto/generated/wire.js";
import { attributesFromWire, attributesToWire } from "./attributes.ts";
import { enumWords } from "./enum-words.ts";
import { plainText, requiredText, wholeNumber } from "./field-checks.ts";
import { refuse } from "./wire-error.ts";

const kinds = enumWords<MetricKind | "unspecified">("unspecified", {
  unspecified: 0,
  counter: 1,
  gauge: 2,
});

/** Kind and unit come from the catalogue, so an agent cannot get them wrong. */
export function seriesToWire(series: Series): wws.v1.Series.$Properties {
  const { kind, unit } = metrics[series.metric];
  return {
    metric: series.metric,
    kind: kinds.toNumber(kind),
    unit,
    exponent: series.exponent,
    quantum: series.quantum,
    attributes: attributesToWire(series.attributes),
    cadenceMs: series.cadenceMs,
  };
}

/**
 * The entries of a dictionary. A metric that this release does not know becomes null and keeps its
 * place; one whose kind or unit is not the catalogue's, or two entries for one series, are refused.
 */
export function seriesListFromWire(
  fields: readonly wws.v1.Series.$Properties[] | null | undefined,
): Dictionary["series"] {
  const seen = new Set<string>();
  return (fields ?? []).map((field, index) => {
    const where = `dictionary.series[${index}]`;
    const series = seriesFromWire(field, where);
    if (series !== null) {
      const name = JSON.stringify([series.metric, series.attributes]);
      if (seen.has(name)) refuse("field-invalid", where, "the same series is there twice");
      seen.add(name);
    }
    return series;
  });
}

function seriesFromWire(field: wws.v1.Series.$Properties, where: string): Series | null {
  const name = requiredText(field.metric, `${where}.metric`);
  const unit = plainText(field.unit, `${where}.unit`);
  const attributes = attributesFromWire(field.attributes, `${where}.attributes`);
  const exponentMax = wireLimits.exponentMax;
  const exponent = wholeNumber(field.exponent, `${where}.exponent`, {
    min: -exponentMax,
    max: exponentMax,
  });
  const quantum = wholeNumber(field.quantum, `${where}.quantum`, { min: 1 });
  const cadenceMs = wholeNumber(field.cadenceMs, `${where}.cadence_ms`, { min: 1 });
  const definition = findMetric(name);
  if (definition === undefined) return null;
  if (definition.unit !== unit || definition.kind !== kinds.toWord(field.kind)) {
    refuse("field-invalid", where, `${name} is a ${definition.kind} in ${definition.unit}`);
  }
  // findMetric has just found it in the catalogue.
  return { metric: name as MetricName, attributes, exponent, quantum, cadenceMs };
}
