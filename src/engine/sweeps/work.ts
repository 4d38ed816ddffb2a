/** How much a trial has to do, and how much memory that takes: known from its config and its data alone. */
import type { Experiment } from "../../common/experiment.js";
import { pretrainedLayers } from "../../common/layerValue.js";
import { keptArrays } from "../kernels/optimizerState.js";
import { networkShape, parameterCount } from "../network/network.js";
import { phasesOf, totalWork } from "../training/phases.js";
import { scheduleOf } from "../training/schedule.js";

/** What is known of a data set. */
export interface DataSize {
  dimension: number;
  classes: number;
  train: number;
  valid: number;
  test: number;
  /** Of the inputs, where they are not one an input: texts take less. */
  bytes?: number;
}

/** Multiplications, about, in units of one forward pass of one example through every weight. Zeros, which cost nothing, are counted. */
export function workOf(config: Experiment, data: DataSize): number {
  const shape = shapeOf(config, data);
  const schedule = scheduleOf(config, data.train);
  const evaluations = Math.ceil(schedule.totalSteps / schedule.stepsPerEvaluation) + 1;
  const measured = (evaluations * data.valid + data.test) * parameterCount(shape);
  return totalWork(phasesOf(config, shape, schedule, data.train)) + measured;
}

/** A process, its code and its compiler, before any data. */
const processBytes = 90e6;
/** The data as they are read, as they are unpacked, and a fold's copy. */
const dataCopies = 3;
/** The kernels' own, as they are read to be measured and written, the best so far, and a checkpoint's bytes. */
const parameterCopies = 5;
/** With pre-training: decoders, the auto-encoder's kernels, and the layers below it. */
const pretrainingCopies = 5;
/** Of each array that an optimizer keeps: the kernels' own, as it is read, and a checkpoint's bytes. */
const keptCopies = 3;

/** Bytes, about, that the process of a trial takes. */
export function memoryOf(config: Experiment, data: DataSize): number {
  const dataBytes = data.bytes ?? (data.train + data.valid + data.test) * data.dimension;
  const kept = keptCopies * keptArrays[config.training.optimizer].length;
  const parameters = 4 * parameterCount(shapeOf(config, data));
  const copies = parameterCopies + kept + (pretrainedLayers(config) > 0 ? pretrainingCopies : 0);
  return processBytes + dataCopies * dataBytes + copies * parameters;
}

function shapeOf(config: Experiment, data: DataSize) {
  return networkShape(config.network, data.dimension, data.classes);
}
