import type { Page } from "playwright-core";

export type Plotted = ReadonlyMap<number, readonly (number | null)[]>;

/**
 * Walks a chart's cursor from its first point to its last with the arrow key, and reads the values
 * that the plot itself holds at each: time → values, in the order of the legend.
 */
export async function readPlot(page: Page, chart: string): Promise<Plotted> {
  const figure = page.locator(`[data-chart="${chart}"]`);
  const plot = figure.locator(".plot");
  await plot.focus();
  await page.keyboard.press("Home");
  const found = new Map<number, readonly (number | null)[]>();
  for (;;) {
    const { atMs, values } = await readCursor(page, chart);
    if (atMs === null) throw new Error(`${chart} shows no value at its cursor`);
    if (found.has(atMs)) return found;
    found.set(atMs, values);
    await page.keyboard.press("ArrowRight");
  }
}

async function readCursor(
  page: Page,
  chart: string,
): Promise<{ readonly atMs: number | null; readonly values: readonly (number | null)[] }> {
  const readout = page.locator(`[data-chart="${chart}"] .readout`);
  return await readout.evaluate((element) => {
    const at = element.getAttribute("data-at");
    const cells = [...element.querySelectorAll("data")];
    const values = cells.map((cell) => (cell.value === "" ? null : Number(cell.value)));
    return { atMs: at === null ? null : Number(at), values };
  });
}

/** The same from the chart's table, which must be open. */
export async function readTable(page: Page, chart: string): Promise<Plotted> {
  const rows = await page
    .locator(`[data-chart="${chart}"] .chart-table tbody tr`)
    .evaluateAll((elements) =>
      elements.map((row): [number, (number | null)[]] => [
        Number(row.getAttribute("data-time")),
        [...row.querySelectorAll("data")].map((cell) =>
          cell.value === "" ? null : Number(cell.value),
        ),
      ]),
    );
  return new Map(rows);
}
