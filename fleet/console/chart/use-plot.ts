import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useZone } from "../parts/zone.tsx";
import type { ChartData } from "./chart-data.ts";
import { useOnCursor, useSetCursor } from "./cursor.tsx";
import { createPlot, type Plot, type PlotColours, plotShape } from "./plot.ts";

export const plotHeightPx = 168;

/** Keeps a plot in an element: made anew when its shape, zone or colours change, else only fed. */
export function usePlot(
  data: ChartData,
  on: { readonly zoom: (fromMs: number, toMs: number) => void; readonly zoomOut: () => void },
): { readonly place: RefObject<HTMLDivElement | null>; readonly plot: RefObject<Plot | null> } {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot | null>(null);
  const latest = useRef({ data, on });
  const setCursor = useSetCursor();
  const { zone } = useZone();
  const scheme = useScheme();
  const shape = plotShape(data);

  useLayoutEffect(() => {
    latest.current = { data, on };
  });
  useLayoutEffect(() => {
    const element = place.current;
    // The colours are those of the scheme, the series those of the shape: both make a new plot.
    if (element === null || scheme === "" || shape === "") return;
    const made = createPlot(element, latest.current.data, {
      colours: readColours(element),
      zone,
      heightPx: plotHeightPx,
      onPoint: setCursor,
      onZoom: (fromMs, toMs) => latest.current.on.zoom(fromMs, toMs),
      onZoomOut: () => latest.current.on.zoomOut(),
    });
    plot.current = made;
    const watcher = new ResizeObserver(() => made.resize(element.clientWidth));
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      made.end();
      plot.current = null;
    };
  }, [shape, zone, scheme, setCursor]);
  useEffect(() => plot.current?.show(data), [data]);
  useOnCursor(useCallback((timeMs) => plot.current?.point(timeMs), []));
  return { place, plot };
}

/** Resolves the tokens where the plot stands: each swatch and axis of the style sheet has its colour. */
function readColours(element: HTMLElement): PlotColours {
  const probe = document.createElement("span");
  element.append(probe);
  const colourOf = (name: string): string => {
    probe.className = name;
    return getComputedStyle(probe).color;
  };
  const series = Array.from({ length: seriesColours }, (_, index) =>
    colourOf(`series-${index + 1}`),
  );
  const colours = { series, text: colourOf("dim"), line: colourOf("plot-line") };
  probe.remove();
  const areFew = window.matchMedia(forced).matches;
  return { ...colours, areFew, font: `11px ${getComputedStyle(element).fontFamily}` };
}

export const seriesColours = 6;

/** Changes when the page's colours do. */
function useScheme(): string {
  const read = () => schemes.map((query) => window.matchMedia(query).matches).join(" ");
  const [scheme, setScheme] = useState(read);
  useEffect(() => {
    const lists = schemes.map((query) => window.matchMedia(query));
    const look = () =>
      setScheme(schemes.map((query) => window.matchMedia(query).matches).join(" "));
    for (const list of lists) list.addEventListener("change", look);
    return () => {
      for (const list of lists) list.removeEventListener("change", look);
    };
  }, []);
  return scheme;
}

const forced = "(forced-colors: active)";
const schemes = ["(prefers-color-scheme: dark)", forced];
