/** Rows of three cells each, from the top, five rows a letter; `#` is ink. */
const glyphs: Readonly<Record<string, string>> = {
  A: "###,#.#,###,#.#,#.#",
  B: "##.,#.#,##.,#.#,##.",
  C: "###,#..,#..,#..,###",
  D: "##.,#.#,#.#,#.#,##.",
  E: "###,#..,##.,#..,###",
  F: "###,#..,##.,#..,#..",
  G: "###,#..,#.#,#.#,###",
  H: "#.#,#.#,###,#.#,#.#",
  I: "###,.#.,.#.,.#.,###",
  J: "..#,..#,..#,#.#,###",
  K: "#.#,#.#,##.,#.#,#.#",
  L: "#..,#..,#..,#..,###",
  M: "#.#,###,###,#.#,#.#",
  N: "##.,#.#,#.#,#.#,#.#",
  O: "###,#.#,#.#,#.#,###",
  P: "###,#.#,###,#..,#..",
  Q: "###,#.#,#.#,###,..#",
  R: "##.,#.#,##.,#.#,#.#",
  S: "###,#..,###,..#,###",
  T: "###,.#.,.#.,.#.,.#.",
  U: "#.#,#.#,#.#,#.#,###",
  V: "#.#,#.#,#.#,#.#,.#.",
  W: "#.#,#.#,###,###,#.#",
  X: "#.#,#.#,.#.,#.#,#.#",
  Y: "#.#,#.#,.#.,.#.,.#.",
  Z: "###,..#,.#.,#..,###",
  "0": "###,#.#,#.#,#.#,###",
  "1": ".#.,##.,.#.,.#.,###",
  "2": "###,..#,###,#..,###",
  "3": "###,..#,.##,..#,###",
  "4": "#.#,#.#,###,..#,..#",
  "5": "###,#..,###,..#,###",
  "6": "###,#..,###,#.#,###",
  "7": "###,..#,..#,..#,..#",
  "8": "###,#.#,###,#.#,###",
  "9": "###,#.#,###,..#,###",
  "%": "#.#,..#,.#.,#..,#.#",
  "-": "...,...,###,...,...",
};
const rows = 5;

/**
 * Five lines in which each letter is six columns wide and one apart: readable across an aisle. What
 * has no glyph is a gap; what does not fit into the columns is left out. Plain ASCII, which every
 * console has.
 */
export function bigLetters(text: string, columns: number): readonly string[] {
  const letters = [...text.toUpperCase()].slice(0, Math.floor(columns / 8));
  return Array.from({ length: rows }, (_, row) =>
    letters
      .map((letter) => {
        const cells = glyphs[letter]?.split(",")[row] ?? "...";
        return [...cells].map((cell) => (cell === "#" ? "##" : "  ")).join("");
      })
      .join("  ")
      .trimEnd(),
  );
}
