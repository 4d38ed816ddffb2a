// A step of training is a program: a list of operations in memory that every thread runs, each on its share of the work.
// The host writes the programs once, when it lays out a network; per step it writes the batch and calls run().
// Every number is computed by one thread, in an order that does not depend on how many there are: hence the same bits for any number.
import { backward } from "./backward";
import { backwardNarrow } from "./blocks";
import { forward, forwardNarrow } from "./forward";
import { holdUpdate, updateHeld } from "./held";
import { gramMatrix, joinGram, updateBiases } from "./history";
import { joinLists, listActive, listBytes, listUnion, markExamples } from "./lists";
import { softmaxLoss } from "./loss";
import { Kept, optimize, Optimizer } from "./optimizers";
import { reconstructionLoss } from "./reconstruction";
import { Control, firstQuarter, Layer, Signal } from "./structures";
import { barrier } from "./team";
import { transposeWeights } from "./transpose";
import { unitGradient } from "./units";
export { expOf, log, log1pOf, tanhOf } from "./math";
export { awaitChange } from "./team";

const BARRIER: i32 = 0;
const INPUT: i32 = 1;
const LIST: i32 = 2;
const UNION: i32 = 3;
const MARK: i32 = 4;
const GRAM: i32 = 5;
const JOIN: i32 = 6;
const FORWARD: i32 = 7;
const LOSS: i32 = 8;
const BIASES: i32 = 9;
const BACKWARD: i32 = 10;
const GRADIENT: i32 = 11;
const HOLD: i32 = 12;
const UPDATE: i32 = 13;
const OPTIMIZE: i32 = 14;
const RECONSTRUCTION: i32 = 15;
const TRANSPOSE: i32 = 16;

@unmanaged
class Operation {
  code: i32;
  /** The Layer or Signal that it works on. */
  on: usize;
  /** What only some operations are told. */
  a: usize;
  b: usize;
  c: usize;
}

/** Runs `count` operations from `program` on as thread `t` of `n`. All threads must be given the same program. */
export function run(control: Control, program: usize, count: i32, t: i32, n: i32): void {
  const batch = control.batch, first = firstQuarter(t, n), last = firstQuarter(t + 1, n);
  for (let k = 0, at = program; k < count; k++, at += offsetof<Operation>()) {
    const op = changetype<Operation>(at), layer = changetype<Layer>(op.on);
    if (op.code == BARRIER) barrier(control, n);
    else if (op.code == JOIN) { joinLists(layer, batch, t); if (op.a) joinGram(layer, batch, t); }
    else if (op.code == LOSS) softmaxLoss(layer, op.a, op.b, op.c, batch, t, n);
    else if (op.code == RECONSTRUCTION) reconstructionLoss(layer, op.a, op.b, <i32>op.c, batch, t, n);
    else if (op.code == HOLD) holdUpdate(layer, batch, t);
    else for (let quarter = first; quarter < last; quarter++) runQuarter(control, op, quarter, batch, t);
  }
}

/** The operations that go through a thread's share quarter by quarter. */
function runQuarter(control: Control, op: Operation, quarter: i32, batch: i32, t: i32): void {
  const layer = changetype<Layer>(op.on), signal = changetype<Signal>(op.on);
  switch (op.code) {
    case INPUT:
      if (control.bytes) listBytes(signal, quarter, op.a, op.b, batch);
      else listActive(signal, quarter, 0, batch);
      break;
    case LIST: listActive(signal, quarter, op.a, batch); break;
    case UNION: listUnion(signal, quarter, batch); break;
    case MARK: markExamples(signal, quarter, batch); break;
    case GRAM: gramMatrix(signal, quarter, batch); break;
    case FORWARD:
      if (layer.narrow) forwardNarrow(layer, quarter, batch);
      else forward(layer, quarter, batch, op.a ? control.heldBatch : 0, control.heldRate, t);
      break;
    case BIASES: updateBiases(layer, quarter, control.rate, control.step, batch, t); break;
    case BACKWARD:
      if (layer.narrow) backwardNarrow(layer, quarter, control.rate, batch);
      else backward(layer, quarter, control.rate, batch, t);
      break;
    case GRADIENT: unitGradient(signal, quarter, <i32>op.a, control.l1, batch); break;
    case UPDATE: updateHeld(layer, quarter, control.heldRate, control.heldBatch, t); break;
    case OPTIMIZE:
      optimize(layer, changetype<Optimizer>(op.a), changetype<Kept>(op.b), quarter, control.step, batch, t);
      break;
    case TRANSPOSE: transposeWeights(layer, changetype<Layer>(op.a), quarter); break;
    default: unreachable();
  }
}
