/** Which files the inspector offers itself for. It reads others too, when it is told to. */

/** As in package.json's menus and editors. */
export const modelFileEndings = ["safetensors", "onnx", "npz", "npy", "pb", "json"];
