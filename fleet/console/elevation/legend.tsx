import { useId } from "react";
import type { Host } from "#fleet/api/host-schemas.ts";
import { Shape } from "../parts/shape.tsx";
import { Simulated } from "../parts/simulated.tsx";
import { formatFigure } from "../words/figures.ts";
import { type StateLook, worstLook } from "../words/state-words.ts";
import type { HeatScale } from "./cell-value.ts";
import { cividis, cssColour } from "./cividis.ts";
import { ElevationPatterns } from "./elevation-patterns.tsx";

const steps = 24;
const barPx = 144;

/** What the picture's marks and colours mean: only those that are in it. */
export function Legend({
  hosts,
  scale,
}: {
  readonly hosts: readonly Host[];
  readonly scale: HeatScale | null;
}) {
  return (
    <div className="legend small">
      {scale === null ? null : <HeatLegend scale={scale} />}
      {looksOf(hosts).map((look) => (
        <span key={look.word} className={`state tone-${look.tone}`} title={look.meaning}>
          <Shape shape={look.shape} tone={look.tone} />
          {look.word}
        </span>
      ))}
      {hosts.some((host) => host.simulated) ? <Simulated /> : null}
    </div>
  );
}

function HeatLegend({ scale }: { readonly scale: HeatScale }) {
  const id = useId();
  const low = formatFigure(scale.from, scale.unit);
  const high = formatFigure(scale.to, scale.unit);
  return (
    <>
      <span className="heat-legend figure">
        {Number(low.digits)}
        <svg width={barPx} height="12" aria-hidden="true">
          {Array.from({ length: steps }, (_, step) => step).map((step) => (
            <rect
              key={step}
              x={(step * barPx) / steps}
              width={barPx / steps + 0.5}
              height="12"
              fill={cssColour(cividis((step + 0.5) / steps))}
            />
          ))}
        </svg>
        {high.digits} <span className="unit">{high.unit}</span>
      </span>
      <span className="heat-legend">
        <svg width="18" height="12" aria-hidden="true">
          <ElevationPatterns id={id} />
          <rect
            className="box-frame"
            x="0.5"
            y="0.5"
            width="17"
            height="11"
            style={{ fill: `url(#${id}-unseen)` }}
          />
        </svg>
        not seen
      </span>
    </>
  );
}

function looksOf(hosts: readonly Host[]): readonly StateLook[] {
  const found = new Map(hosts.map(worstLook).map((look) => [look.word, look]));
  return [...found.values()];
}
