/** What can compute, by name. Imports nothing, so that small bundles stay small. */

export const backends = ["builtin", "tensorflow", "tfjs-wasm", "tfjs-cpu"] as const;
export type BackendName = (typeof backends)[number];

/** Those that are TensorFlow.js: they compute in a process of their own. */
export type TensorflowName = Exclude<BackendName, "builtin">;

/** True for backends that compute in one thread, whatever the config's `threads`. */
export function isSingleThreaded(backend: BackendName): boolean {
  return backend === "tfjs-wasm" || backend === "tfjs-cpu";
}
