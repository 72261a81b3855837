import { defineConfig } from "vitest/config";

// One script per page, with fixed names that the pages and the build refer to; shared code goes into chunks.
export default defineConfig({
  test: { setupFiles: ["src/english.test-setup.ts"] },
  server: { fs: { allow: [".."] } },
  build: {
    target: "es2022",
    modulePreload: false,
    cssCodeSplit: false,
    rolldownOptions: {
      input: {
        pages: "src/pages.ts",
        treat: "src/treat.ts",
        session: "src/session.ts",
        device: "src/device.ts",
        calibrate: "src/calibrate.ts",
        simulator: "src/simulator.ts",
        signin: "src/signin.ts",
        offline: "src/offline.ts",
        "service-worker": "worker/service-worker.ts",
      },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "[name].js",
        assetFileNames: "site[extname]",
      },
    },
  },
});
