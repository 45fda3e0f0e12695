import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

const platform = "http://localhost:7400";

export default defineConfig({
  base: "/desk/",
  plugins: [vue()],
  build: { target: "es2022" },
  server: {
    // The platform checks that pages and sockets share an origin, so the Host header stays as the browser sent it.
    proxy: {
      "/api": { target: platform, changeOrigin: false },
      "/live": { target: platform, ws: true, changeOrigin: false },
    },
  },
});
