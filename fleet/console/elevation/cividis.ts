/**
 * Cividis: one scale from dark blue to yellow whose lightness grows evenly, read alike with and
 * without a colour-vision deficiency (Nuñez, Anderton and Renslow, 2018). Ten evenly spaced stops.
 */
const stops = [
  [0, 32, 77],
  [0, 51, 111],
  [57, 72, 107],
  [87, 92, 109],
  [112, 113, 115],
  [138, 135, 121],
  [166, 157, 117],
  [196, 181, 108],
  [228, 207, 91],
  [255, 234, 70],
] as const;

export type Rgb = readonly [number, number, number];

/** The colour of a share of the scale; what lies outside takes the end's colour. */
export function cividis(share: number): Rgb {
  const at = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const low = stops[Math.floor(at)] ?? stops[0];
  const high = stops[Math.ceil(at)] ?? low;
  const part = at - Math.floor(at);
  return [mix(low[0], high[0], part), mix(low[1], high[1], part), mix(low[2], high[2], part)];
}

/** Black or white, whichever is read better on the colour. */
export function inkOn(colour: Rgb): "#000000" | "#ffffff" {
  return contrast(colour, [0, 0, 0]) >= contrast(colour, [255, 255, 255]) ? "#000000" : "#ffffff";
}

export function cssColour([red, green, blue]: Rgb): string {
  return `rgb(${red} ${green} ${blue})`;
}

/** Contrast of two colours as WCAG 2 counts it, 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: Rgb): number {
  const [red = 0, green = 0, blue = 0] = colour.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function mix(low: number, high: number, part: number): number {
  return Math.round(low + (high - low) * part);
}
