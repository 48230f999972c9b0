import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The console is plain files that the manager serves; nothing is fetched from elsewhere. */
export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    // No inline data: URLs: the page's Content-Security-Policy allows 'self' only.
    assetsInlineLimit: 0,
    // What the style sheets and scripts use without a substitute: light-dark(), Map.groupBy.
    target: ["chrome123", "edge123", "firefox128", "safari17.5"],
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: { "/api": "http://127.0.0.1:7600" } },
});
