/** When the extension's code began to load. Imported first, so that the time includes loading everything else. */
export const loadStarted = performance.now();
