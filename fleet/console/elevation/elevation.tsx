import { type KeyboardEvent, type ReactNode, useId, useMemo, useState } from "react";
import type { RackDetail } from "#fleet/api/place-schemas.ts";
import type { CellKind, HeatScale } from "./cell-value.ts";
import { ElevationPatterns } from "./elevation-patterns.tsx";
import {
  boxAtUnit,
  layOutRack,
  moveByUnit,
  type RackBox,
  unitsFromTop,
} from "./elevation-layout.ts";
import { FreeBox, HostBox } from "./host-box.tsx";

/** How large a picture is drawn: alone on its page, or beside others in a row. */
export interface ElevationSize {
  readonly unitPx: number;
  readonly boxPx: number;
}
export const elevationSizes = {
  alone: { unitPx: 18, boxPx: 300 },
  inRow: { unitPx: 14, boxPx: 196 },
} as const satisfies Record<string, ElevationSize>;

const numberPx = 22;

/**
 * A rack's front. Units count from the bottom. The picture is one stop of the Tab key; arrow keys
 * move by unit and to the racks beside it, Enter opens the host.
 */
export function Elevation({
  rack,
  kind,
  scale,
  size,
  isDimmed,
  onActive,
}: {
  readonly rack: RackDetail;
  readonly kind: CellKind;
  readonly scale: HeatScale | null;
  readonly size: ElevationSize;
  readonly isDimmed: (host: RackDetail["slots"][number]["host"]) => boolean;
  readonly onActive: (box: RackBox | null) => void;
}) {
  const patterns = useId();
  const layout = useMemo(() => layOutRack(rack), [rack]);
  const [atUnit, setAtUnit] = useState<number | null>(null);
  const firstHost = layout.boxes.findIndex((box) => box.kind === "host");
  const at = atUnit === null ? Math.max(0, firstHost) : boxAtUnit(layout.boxes, atUnit);
  const width = size.boxPx + numberPx * 2;
  const height = rack.heightUnits * size.unitPx + 2;

  const onKey = (event: KeyboardEvent<SVGSVGElement>): void => {
    const unit = layout.boxes[at]?.unit ?? 1;
    const goal = goalOf(event.key, layout.boxes, at);
    if (goal !== null) focusUnit(event.currentTarget, layout.boxes[goal]?.unit ?? unit);
    else if (!moveSideways(event, unit)) return;
    event.preventDefault();
  };

  return (
    // The boxes in it are the controls; the picture only hands the focus from one to the next.
    // biome-ignore lint/a11y/useSemanticElements: a picture cannot be a fieldset
    <svg
      className="elevation"
      role="group"
      aria-label={`Rack ${rack.rack}, ${rack.heightUnits} units, ${rack.slots.length} hosts`}
      data-rack-picture=""
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      onKeyDown={onKey}
      onPointerLeave={() => onActive(null)}
    >
      <ElevationPatterns id={patterns} />
      <UnitNumbers heightUnits={rack.heightUnits} size={size} />
      <rect
        className="rack-frame"
        x={numberPx - 0.5}
        y={0.5}
        width={size.boxPx + 1}
        height={height - 1}
      />
      {layout.boxes.map((box, index) => {
        const place = {
          x: numberPx,
          y: unitsFromTop(box, rack.heightUnits) * size.unitPx + 1,
          width: size.boxPx,
          height: box.heightUnits * size.unitPx,
        };
        const handle = {
          tabIndex: index === at ? 0 : -1,
          onActive: () => {
            setAtUnit(box.unit);
            onActive(box);
          },
        };
        return box.kind === "free" ? (
          <FreeBox key={box.unit} box={box} place={place} handle={handle} />
        ) : (
          <HostBox
            key={box.host.id}
            box={box}
            place={place}
            handle={handle}
            cell={{ kind, scale, patterns, isDimmed: isDimmed(box.host) }}
          />
        );
      })}
    </svg>
  );
}

function UnitNumbers({
  heightUnits,
  size,
}: {
  readonly heightUnits: number;
  readonly size: ElevationSize;
}) {
  const numbers: ReactNode[] = [];
  for (let unit = 1; unit <= heightUnits; unit += 1) {
    const y = (heightUnits - unit + 0.5) * size.unitPx + 1;
    numbers.push(
      <text key={unit} className="unit-number" x={numberPx - 5} y={y} textAnchor="end">
        {unit}
      </text>,
      <text key={-unit} className="unit-number" x={numberPx + size.boxPx + 5} y={y}>
        {unit}
      </text>,
    );
  }
  // Each box says its unit: to hear the numbers too would be noise.
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it takes the focus
  return <g aria-hidden="true">{numbers}</g>;
}

function goalOf(key: string, boxes: readonly RackBox[], at: number): number | null {
  if (key === "ArrowUp" || key === "ArrowDown") {
    return moveByUnit(boxes, at, key === "ArrowUp" ? "up" : "down");
  }
  if (key === "Home") return 0;
  return key === "End" ? boxes.length - 1 : null;
}

/** To the rack beside this one, at the same height. False where there is none. */
function moveSideways(event: KeyboardEvent<SVGSVGElement>, unit: number): boolean {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (by === undefined) return false;
  const pictures = [...document.querySelectorAll<SVGSVGElement>("[data-rack-picture]")];
  const next = pictures[pictures.indexOf(event.currentTarget) + by];
  return next === undefined ? false : focusUnit(next, unit);
}

function focusUnit(picture: SVGSVGElement, unit: number): boolean {
  for (const box of picture.querySelectorAll<SVGElement>("[data-unit]")) {
    const lowest = Number(box.dataset["unit"]);
    if (lowest > unit || unit >= lowest + Number(box.dataset["height"])) continue;
    box.focus();
    box.scrollIntoView({ block: "nearest", inline: "nearest" });
    return true;
  }
  return false;
}
