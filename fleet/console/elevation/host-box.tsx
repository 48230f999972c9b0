import { Link } from "react-router";
import { shapeMark } from "../parts/shape.tsx";
import type { StateLook } from "../words/state-words.ts";
import { clipText, describeBox } from "./box-words.ts";
import { type CellKind, cellOf, type HeatScale, markOf } from "./cell-value.ts";
import { cividis, cssColour, inkOn, type Rgb } from "./cividis.ts";
import type { RackBox } from "./elevation-layout.ts";

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Handle {
  readonly tabIndex: number;
  readonly onActive: () => void;
}

const valuePx = 64;
const characterPx = 6.7;

/** One host: mark of its state, name, the chosen value; behind it the heat, where the value has one. */
export function HostBox({
  box,
  place,
  handle,
  cell,
}: {
  readonly box: Extract<RackBox, { kind: "host" }>;
  readonly place: Place;
  readonly handle: Handle;
  readonly cell: {
    readonly kind: CellKind;
    readonly scale: HeatScale | null;
    readonly patterns: string;
    readonly isDimmed: boolean;
  };
}) {
  const { host } = box;
  const look = markOf(host, cell.kind);
  const { text, heat, isMissing } = cellOf(host, cell.kind, cell.scale);
  const colour = heat === null ? null : cividis(heat);
  const isQuiet = host.link.state === "lost" || host.link.state === "never";
  const classes = [
    "rack-box",
    isMissing ? "is-missing" : "",
    isQuiet ? "is-quiet" : "",
    host.phase === "planned" ? "is-planned" : "",
    cell.isDimmed ? "is-dimmed" : "",
  ];
  return (
    <Link
      to={`/hosts/${encodeURIComponent(host.id)}`}
      className={classes.join(" ")}
      data-unit={box.unit}
      data-height={box.heightUnits}
      tabIndex={handle.tabIndex}
      onFocus={handle.onActive}
      onPointerEnter={handle.onActive}
    >
      <title>{describeBox(box)}</title>
      <rect
        className="box-frame"
        x={place.x + 1}
        y={place.y + 0.5}
        width={place.width - 2}
        height={place.height - 1}
        style={{ fill: fillOf(colour, isMissing, cell.patterns) }}
      />
      {host.simulated ? (
        <rect
          className="box-simulated"
          x={place.x + 2}
          y={place.y + 1.5}
          width={5}
          height={place.height - 3}
          fill={`url(#${cell.patterns}-simulated)`}
        />
      ) : null}
      <BoxWords
        name={clipText(host.name, place.width - valuePx - 28, characterPx)}
        value={clipText(text, valuePx, characterPx)}
        look={look}
        place={place}
        ink={colour === null ? null : inkOn(colour)}
      />
    </Link>
  );
}

/** What the eye reads in the box; a reader is told all of it, unclipped, by the link's title. */
function BoxWords({
  name,
  value,
  look,
  place,
  ink,
}: {
  readonly name: string;
  readonly value: string;
  readonly look: StateLook;
  readonly place: Place;
  /** Black or white on a heat colour; null: as the style sheet says. */
  readonly ink: string | null;
}) {
  const middle = place.y + place.height / 2;
  const style = ink === null ? {} : { style: { fill: ink, color: ink } };
  return (
    <>
      <g
        className={ink === null ? `tone-${look.tone}` : ""}
        transform={`translate(${place.x + 11} ${middle - 5}) scale(0.83)`}
        {...style}
      >
        {shapeMark(look.shape)}
      </g>
      <text className="box-name" x={place.x + 26} y={middle} {...style}>
        {name}
      </text>
      <text
        className="box-value"
        x={place.x + place.width - 6}
        y={middle}
        textAnchor="end"
        {...style}
      >
        {value}
      </text>
    </>
  );
}

/** undefined: as the style sheet says. */
function fillOf(colour: Rgb | null, isMissing: boolean, patterns: string): string | undefined {
  if (colour !== null) return cssColour(colour);
  return isMissing ? `url(#${patterns}-unseen)` : undefined;
}

/** A free unit: nothing to open, but the keyboard passes over it and reads it. */
export function FreeBox({
  box,
  place,
  handle,
}: {
  readonly box: RackBox;
  readonly place: Place;
  readonly handle: Handle;
}) {
  return (
    // Reached by the picture's arrow keys, so that a reader hears how much room there is.
    // biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: it only takes the focus
    <g
      role="img"
      className="rack-free"
      aria-label={describeBox(box)}
      data-unit={box.unit}
      data-height={1}
      tabIndex={handle.tabIndex}
      onFocus={handle.onActive}
      onPointerEnter={handle.onActive}
    >
      <rect x={place.x + 1} y={place.y + 0.5} width={place.width - 2} height={place.height - 1} />
      <line
        x1={place.x}
        x2={place.x + place.width}
        y1={place.y + place.height}
        y2={place.y + place.height}
      />
    </g>
  );
}
