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

/** Where the units of each hidden layer lay when the parameters were taken: UnitHistory.place, layer by layer. */
export function writePlaces(file: string, places: readonly Int32Array[]): void {
  fs.writeFileSync(
    file,
    Buffer.concat(places.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength))),
  );
}

export function readPlaces(file: string, shape: NetworkShape): Int32Array[] {
  const all = new Int32Array(new Uint8Array(fs.readFileSync(file)).buffer);
  let from = 0;
  return shape.hidden.map((units) => {
    from += units;
    return all.subarray(from - units, from);
  });
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
