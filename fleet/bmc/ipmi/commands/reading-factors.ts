/** How a raw byte becomes a value: y = L[(M·x + B·10^K1) · 10^K2] (IPMI 2.0, 36.3). */
export interface ReadingFactors {
  /** 0 unsigned, 1 ones' complement, 2 two's complement, 3 no analogue reading. */
  readonly format: number;
  readonly linearization: number;
  readonly m: number;
  readonly b: number;
  readonly bExponent: number;
  readonly resultExponent: number;
}

/** From here on the factors differ by reading and must be asked for. */
export const nonLinearMin = 0x70;

/** null: the record knows no analogue value, or the law gives none (the log of nothing). */
export function toValue(raw: number, factors: ReadingFactors): number | null {
  const x = signed(raw & 0xff, factors.format);
  if (x === null) return null;
  const linear =
    (factors.m * x + factors.b * 10 ** factors.bExponent) * 10 ** factors.resultExponent;
  const value = linearized(linear, factors.linearization);
  // Twelve digits: what is behind them comes from counting in binary.
  return Number.isFinite(value) ? Number(value.toPrecision(12)) : null;
}

function signed(raw: number, format: number): number | null {
  switch (format) {
    case 0:
      return raw;
    case 1:
      return raw & 0x80 ? -(~raw & 0x7f) : raw;
    case 2:
      return raw & 0x80 ? raw - 256 : raw;
    default:
      return null;
  }
}

function linearized(x: number, law: number): number {
  switch (law) {
    case 1:
      return Math.log(x);
    case 2:
      return Math.log10(x);
    case 3:
      return Math.log2(x);
    case 4:
      return Math.exp(x);
    case 5:
      return 10 ** x;
    case 6:
      return 2 ** x;
    case 7:
      return 1 / x;
    case 8:
      return x ** 2;
    case 9:
      return x ** 3;
    case 10:
      return Math.sqrt(x);
    case 11:
      return Math.cbrt(x);
    default:
      return x;
  }
}
