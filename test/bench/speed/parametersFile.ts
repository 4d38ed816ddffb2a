/** Parameters as bare floats: layer by layer weights [inputs × units], biases, and the signs of hidden layers. */
import fs from "node:fs";
import { layerSizes, type NetworkShape, type Parameters } from "../../../src/engine/network/network.js";

export function writeParameters(file: string, parameters: Parameters): void {
  const arrays = parameters.flatMap(({ weightsInOut, biases, signs }) => [
    weightsInOut,
    biases,
    ...(signs ? [signs] : []),
  ]);
  const handle = fs.openSync(file, "w");
  for (const { buffer, byteOffset, byteLength } of arrays)
    fs.writeSync(handle, new Uint8Array(buffer, byteOffset, byteLength));
  fs.closeSync(handle);
}

export function readParameters(file: string, shape: NetworkShape): Parameters {
  const handle = fs.openSync(file, "r");
  const read = (length: number) => {
    const values = new Float32Array(length);
    if (fs.readSync(handle, new Uint8Array(values.buffer)) !== values.byteLength)
      throw new Error(`${file} is cut short.`);
    return values;
  };
  const parameters = layerSizes(shape).map(({ inputs, units }, l) => ({
    weightsInOut: read(inputs * units),
    biases: read(units),
    signs: l < shape.hidden.length ? read(units) : null,
  }));
  fs.closeSync(handle);
  return parameters;
}
