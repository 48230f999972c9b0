/** What is not a colour: nothing seen is dotted, a simulated host carries hatching. */
export function ElevationPatterns({ id }: { readonly id: string }) {
  return (
    <defs>
      <pattern id={`${id}-unseen`} width="6" height="6" patternUnits="userSpaceOnUse">
        <rect className="pattern-ground" width="6" height="6" />
        <circle className="pattern-mark" cx="1.5" cy="1.5" r="0.8" />
        <circle className="pattern-mark" cx="4.5" cy="4.5" r="0.8" />
      </pattern>
      <pattern
        id={`${id}-simulated`}
        width="4"
        height="4"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <rect className="pattern-ground" width="4" height="4" />
        <rect className="pattern-hatch" width="1.5" height="4" />
      </pattern>
    </defs>
  );
}
