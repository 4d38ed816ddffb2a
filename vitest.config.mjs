import { defineConfig } from "vitest/config";

// biome-ignore lint/style/noDefaultExport: vitest reads it
export default defineConfig({
  test: {
    include: [
      "src/**/*.test.ts",
      "webview/**/*.test.ts",
      "test/unit/**/*.test.ts",
      "test/parity/**/*.test.ts",
      "test/conformance/**/*.test.ts",
    ],
    testTimeout: 120_000,
    // two cores: more workers than that only make the timing of everything worse
    maxWorkers: 2,
  },
});
