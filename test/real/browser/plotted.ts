import type { Locator, Page } from "playwright-core";

export type Plotted = ReadonlyMap<number, readonly (number | null)[]>;

/**
 * Walks a chart's cursor from its first point to its last with the arrow key, and reads the values
 * that the plot itself holds at each: time → values, in the order of the legend.
 */
export async function readPlot(page: Page, chart: string, stepMs = 1_000): Promise<Plotted> {
  const figure = page.locator(`[data-chart="${chart}"]`);
  const readout = figure.locator(".readout");
  await figure.locator(".plot").focus();
  await page.keyboard.press("End");
  await figure.locator(".readout[data-at]").waitFor();
  const lastMs = Number(await readout.getAttribute("data-at"));
  await page.keyboard.press("Home");
  await figure.locator(`.readout:not([data-at="${lastMs}"])`).waitFor();
  const found = new Map<number, readonly (number | null)[]>();
  let atMs = Number(await readout.getAttribute("data-at"));
  for (;;) {
    // Nothing is read before the cursor is where the key has put it.
    await figure.locator(`.readout[data-at="${atMs}"]`).waitFor();
    found.set(atMs, await readValues(readout));
    if (atMs >= lastMs) return found;
    await page.keyboard.press("ArrowRight");
    atMs += stepMs;
  }
}

async function readValues(readout: Locator): Promise<readonly (number | null)[]> {
  return await readout.evaluate((element) =>
    [...element.querySelectorAll("data")].map((cell) =>
      cell.value === "" ? null : Number(cell.value),
    ),
  );
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
