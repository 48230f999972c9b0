import { presetNames, presets, type TimeRange, lastRange } from "../../address/time-range.ts";
import { useZone } from "../../parts/zone.tsx";
import { formatDuration, formatTime, formatZone } from "../../words/time-words.ts";

/** Which time the charts show. A zoomed one is said in words, with the way back. */
export function RangePicker({
  range,
  onRange,
}: {
  readonly range: TimeRange;
  readonly onRange: (range: TimeRange) => void;
}) {
  const { zone } = useZone();
  return (
    <div className="tools">
      <fieldset className="switch">
        <legend className="for-readers">Time range, the last</legend>
        {presetNames.map((name) => (
          <label key={name}>
            <input
              type="radio"
              name="range"
              checked={range.kind === "last" && range.preset === name}
              onChange={() => onRange(lastRange(name))}
            />
            <span>{presets[name].words}</span>
          </label>
        ))}
      </fieldset>
      {range.kind === "last" ? (
        <span className="dim small wide-only">drag in a chart to look closer</span>
      ) : (
        <span className="zoomed">
          <span className="figure">
            {formatTime(range.fromMs, zone)} – {formatTime(range.toMs, zone)}{" "}
            {formatZone(range.fromMs, zone)}
          </span>{" "}
          <span className="dim">({formatDuration(range.toMs - range.fromMs)})</span>{" "}
          <button
            type="button"
            className="button small"
            onClick={() => onRange(lastRange(range.preset))}
          >
            back to the last {presets[range.preset].words}
          </button>
        </span>
      )}
    </div>
  );
}
