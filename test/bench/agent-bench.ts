import type { BenchOptions, BenchReport } from "./bench-report.ts";
export async function benchAgent(_options: BenchOptions): Promise<BenchReport> {
  throw new Error("soon");
}
