import { useId } from "react";
import type { ReportBar } from "../../words/report-words.ts";

const width = 140;
const height = 12;

/** A row's bar, from zero; nothing known is a pattern, above a limit is a border. */
export function Bar({ bar, scale }: { readonly bar: ReportBar; readonly scale: number }) {
  const id = useId();
  const at = (value: number): number => Math.round((value / scale) * width * 10) / 10;
  const { part, whole, limit, isOver, words } = bar;
  return (
    <svg className="report-bar" viewBox={`0 0 ${width} 16`} width={width} height="16" role="img">
      <title>{words}</title>
      <defs>
        <pattern id={id} width="6" height="6" patternUnits="userSpaceOnUse">
          <circle className="bar-unseen" cx="2" cy="2" r="1" />
        </pattern>
      </defs>
      {part === null ? (
        <rect x="0.5" y="2.5" width={width - 1} height={height - 1} fill={`url(#${id})`} />
      ) : (
        <>
          {whole === null ? null : (
            <rect className="bar-whole" x="0" y="2" width={at(whole)} height={height} />
          )}
          <rect
            className={isOver ? "bar-part is-over" : "bar-part"}
            x="0"
            y="2"
            width={at(part)}
            height={height}
          />
        </>
      )}
      {limit === null ? null : (
        <path className="bar-limit" d={`M${Math.min(width - 1, at(limit))} 0v16`} />
      )}
    </svg>
  );
}
