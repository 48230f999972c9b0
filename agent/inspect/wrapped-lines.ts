/** Width of the terminal that everybody has. */
export const lineWidth = 80;

/** A text in lines of at most `lineWidth`, those behind the first with `indent` before them. */
export function wrapped(text: string, indent: string): readonly string[] {
  const lines: string[] = [];
  let rest = text.replaceAll("\n", " ");
  let width = lineWidth;
  while (rest.length > width) {
    const space = rest.lastIndexOf(" ", width);
    // A blank within the indent of the text itself is no place to break at.
    const isBreak = space > 0 && rest.slice(0, space).trim() !== "";
    const at = isBreak ? space : width;
    lines.push((lines.length === 0 ? "" : indent) + rest.slice(0, at).trimEnd());
    rest = rest.slice(isBreak ? at + 1 : at).trimStart();
    width = Math.max(20, lineWidth - indent.length);
  }
  lines.push((lines.length === 0 ? "" : indent) + rest);
  return lines;
}
