/** The works: what is measured, and what it has to come to. */
import type { ContestantName } from "./contestants.js";
import type { Material } from "./material.js";
import type { Problem } from "./problem.js";

export interface Work {
  name: string;
  title: string;
  /** Times as fast as PyTorch. */
  floor: number;
  goal: number;
  contestants: readonly ContestantName[];
  problem(material: Material): Promise<Problem>;
}

const native: readonly ContestantName[] = ["ours 1 thread", "ours 2 threads", "PyTorch", "PyTorch by hand"];

export const works: readonly Work[] = [
  {
    name: "trained",
    title: "the paper's network, batch 10, trained",
    floor: 12,
    goal: 25,
    contestants: native,
    problem: (material) => material.mnist("mnist-rectifier", { epoch: material.trained, batchSize: 10, steps: 100 }),
  },
  {
    name: "tanh",
    title: "the same with tanh",
    floor: 0.8,
    goal: 1.5,
    contestants: native,
    problem: (material) => material.mnist("mnist-tanh", { epoch: 1, batchSize: 10, steps: 100 }),
  },
  {
    name: "batch-100",
    title: "the same, batch 100, trained",
    floor: 1.5,
    goal: 3,
    contestants: native,
    problem: (material) => material.mnist("mnist-rectifier", { epoch: material.trained, batchSize: 100, steps: 40 }),
  },
  {
    name: "inference",
    title: "inference over 10,000 examples, trained",
    floor: 1.5,
    goal: 4,
    contestants: native.filter((name) => name !== "PyTorch by hand"),
    problem: (material) => material.mnistInference(material.trained),
  },
];
