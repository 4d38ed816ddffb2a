/** What a run and the process of its TensorFlow.js backend tell each other. Every request is answered. */
import type { TensorflowName } from "../../common/backends.js";
import type { Optimizer } from "../../common/optimizers.js";
import type { TensorflowFound } from "../../common/tensorflow.js";
import type { ExampleSet } from "../data/dataset.js";
import type { NetworkShape } from "../network/network.js";
import type { LayerPlan } from "../training/layerPlan.js";

export type TensorflowRequest =
  /** The first; answered with `Opened`. `found` is where tfjs-node is. */
  | { do: "open"; backend: TensorflowName; assets: string; found: TensorflowFound | null }
  /** Keeps a set, so that it is sent once. */
  | { do: "keep"; set: number; examples: ExampleSet }
  /** Makes a backend or an auto-encoder, with a number by which it is called. */
  | { do: "network"; object: number; shape: NetworkShape; capacity: number; optimizer: Optimizer }
  | { do: "autoencoder"; object: number; plan: LayerPlan; shape: NetworkShape; capacity: number; seed: number }
  /** Calls one of its methods; sets stand as `KeptSet`. */
  | { do: "call"; object: number; method: string; given: unknown[] }
  | { do: "close"; object: number };

export interface KeptSet {
  keptSet: number;
}

export interface Opened {
  /** Such as "tfjs-wasm 4.22.0". */
  version: string;
  library: TensorflowFound["library"];
  provided: string[];
}

export interface ToTensorflow {
  id: number;
  request: TensorflowRequest;
}

export type FromTensorflow = { id: number; value: unknown } | { id: number; error: string };
