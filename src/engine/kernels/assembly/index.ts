// A step of training is a program: a list of operations in memory that every thread runs, with a barrier after each.
// The host writes the programs once, when it lays out a network; per step it writes the batch and calls run().
// Words of an operation (16 words, 64 bytes): the code, then the arguments of the function in layer.ts in its order, batch left out.
import { activate, backward, forward, gramMatrix, listActive, softmaxLoss, unitGradient, updateBiases } from "./layer";
import { barrier } from "./team";
export { expOf, log, log1pOf, tanhOf } from "./math";
export { awaitChange } from "./team";

const LIST: i32 = 1;
const FORWARD: i32 = 2;
const ACTIVATE: i32 = 3;
const LOSS: i32 = 4;
const BACKWARD: i32 = 5;
const GRADIENT: i32 = 6;
const GRAM: i32 = 7;
const BIASES: i32 = 8;

// Words of the control block, which the host passes as `control`: see wasmKernels.ts.
const BARRIER: usize = 0;
const BATCH: usize = 8;
const STEP: usize = 12;
const RATE: usize = 16;
const L1: usize = 20;

// @ts-ignore: decorator
@inline
function word(op: usize, index: i32): i32 {
  return load<i32>(op + (<usize>index << 2));
}
// @ts-ignore: decorator
@inline
function address(op: usize, index: i32): usize {
  return load<u32>(op + (<usize>index << 2));
}
// @ts-ignore: decorator
@inline
function float(op: usize, index: i32): f32 {
  return load<f32>(op + (<usize>index << 2));
}

/** Runs `count` operations from `program` on as thread `t` of `n`. All threads must be given the same program. */
export function run(control: usize, program: usize, count: i32, t: i32, n: i32): void {
  const batch = load<i32>(control + BATCH), step = load<i32>(control + STEP);
  const rate = load<f32>(control + RATE), l1 = load<f32>(control + L1);
  for (let k = 0, op = program; k < count; k++, op += 64) {
    const code = word(op, 0);
    if (code == LIST) listActive(address(op, 1), word(op, 2), address(op, 3), word(op, 4), batch, t, n);
    else if (code == FORWARD)
      forward(
        address(op, 1), word(op, 2), address(op, 3), word(op, 4), address(op, 5), address(op, 6), address(op, 7), word(op, 8),
        batch, t, n,
      );
    else if (code == ACTIVATE)
      activate(
        word(op, 1), float(op, 2), address(op, 3), word(op, 4), address(op, 5), address(op, 6), word(op, 7), batch, t, n,
      );
    else if (code == LOSS)
      softmaxLoss(
        address(op, 1), word(op, 2), word(op, 3), address(op, 4), address(op, 5), address(op, 6), address(op, 7), batch, t, n,
      );
    else if (code == BACKWARD)
      backward(
        address(op, 1), word(op, 2), word(op, 3), address(op, 4), address(op, 5), word(op, 6), address(op, 7), rate, word(op, 8),
        batch, t, n,
      );
    else if (code == GRADIENT)
      unitGradient(word(op, 1), float(op, 2), address(op, 3), address(op, 4), address(op, 5), word(op, 6), l1, batch, t, n);
    else if (code == GRAM) gramMatrix(address(op, 1), word(op, 2), address(op, 3), batch, t, n);
    else if (code == BIASES)
      updateBiases(
        address(op, 1), address(op, 2), address(op, 3), address(op, 4), word(op, 5), rate, step,
        address(op, 6), address(op, 7), address(op, 8), address(op, 9), batch, t, n,
      );
    else unreachable();
    barrier(control + BARRIER, n);
  }
}
