// A step of training is a program: a list of operations in memory that every thread runs, each on its share of the work.
// The host writes the programs once, when it lays out a network; per step it writes the batch and calls run().
// Every number is computed by one thread, in an order that does not depend on how many there are: hence the same bits for any number.
import { backward, holdUpdate, updateHeld } from "./backward";
import { forward, forwardNarrow } from "./forward";
import { gramMatrix, updateBiases } from "./history";
import { listActive, listBytes, listUnion, markExamples } from "./lists";
import { softmaxLoss } from "./loss";
import { Control, Layer, Signal } from "./structures";
import { barrier } from "./team";
import { unitGradient } from "./units";
export { expOf, log, log1pOf, tanhOf } from "./math";
export { awaitChange } from "./team";

const BARRIER: i32 = 0;
const LIST: i32 = 1;
const UNION: i32 = 2;
const MARK: i32 = 3;
const GRAM: i32 = 4;
const FORWARD: i32 = 5;
const LOSS: i32 = 6;
const BACKWARD: i32 = 7;
const GRADIENT: i32 = 8;
const BIASES: i32 = 9;
const HOLD: i32 = 10;
const UPDATE: i32 = 11;
const INPUT: i32 = 12;

/** Arguments beyond the first are those of one operation only. */
@unmanaged
class Operation {
  code: i32;
  /** The Layer or Signal that it works on. */
  on: usize;
  a: usize;
  b: usize;
  c: usize;
}

/** Runs `count` operations from `program` on as thread `t` of `n`. All threads must be given the same program. */
export function run(control: Control, program: usize, count: i32, t: i32, n: i32): void {
  const batch = control.batch, step = control.step, rate = control.rate, l1 = control.l1;
  for (let k = 0, at = program; k < count; k++, at += offsetof<Operation>()) {
    const op = changetype<Operation>(at), layer = changetype<Layer>(op.on), signal = changetype<Signal>(op.on);
    switch (op.code) {
      case BARRIER: barrier(changetype<usize>(control), n); break;
      case LIST: listActive(signal, op.a, batch, t, n); break;
      case UNION: if (t == n - 1) listUnion(signal, batch); break;
      case MARK: markExamples(signal, batch, t, n); break;
      case GRAM: gramMatrix(layer, batch, t, n); break;
      case FORWARD: if (layer.narrow) forwardNarrow(layer, batch, t, n); else forward(layer, batch, op.a ? control.heldBatch : 0, control.heldRate, t, n); break;
      case LOSS: softmaxLoss(layer, op.a, op.b, op.c, batch, t, n); break;
      case BACKWARD: backward(layer, rate, batch, t, n); break;
      case GRADIENT: unitGradient(signal, <i32>op.a, l1, batch, t, n); break;
      case BIASES: updateBiases(layer, rate, step, batch, t, n); break;
      case HOLD: holdUpdate(layer, batch, t, n); break;
      case UPDATE: updateHeld(layer, control.heldRate, control.heldBatch, t, n); break;
      case INPUT:
        if (control.bytes) listBytes(signal, op.a, op.b, batch, t, n);
        else listActive(signal, 0, batch, t, n);
        break;
      default: unreachable();
    }
  }
}
