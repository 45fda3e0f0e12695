import { defineConfig } from "vite";

/** Two scripts: what every page loads, and with `--mode more` the module that is fetched when it is first needed. */
const first = { entry: "src/main.tsx", formats: ["iife" as const], name: "kefu", fileName: () => "widget.js" };
const more = { entry: "src/more.tsx", formats: ["es" as const], fileName: () => "widget-more.js" };

export default defineConfig(({ mode }) => ({
  // Plain h() calls: Preact's automatic runtime would cost half a kilobyte.
  esbuild: { jsx: "transform", jsxFactory: "h", jsxFragment: "Fragment", jsxInject: 'import { h, Fragment } from "preact"', legalComments: "none" },
  build: {
    target: "es2022",
    // Half a kilobyte smaller than esbuild's.
    minify: "terser",
    terserOptions: { ecma: 2020, module: mode === "more", compress: { passes: 2 }, format: { comments: false } },
    emptyOutDir: mode !== "more",
    lib: mode === "more" ? more : first,
  },
}));
