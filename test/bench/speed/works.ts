/** The works: what is measured, and what it has to come to. */
import type { ContestantName } from "./contestants.js";
import { epochs, type Material } from "./material.js";
import type { Problem } from "./problem.js";

/** One network at one moment. */
export interface Point {
  label: string;
  /** Where it lies on the work's axis, where it has one. */
  x: number;
  problem(material: Material): Promise<Problem>;
}

export interface Target {
  floor: number;
  goal: number;
}

export interface Work {
  name: string;
  title: string;
  /** Times as fast as PyTorch. */
  target: Target | null;
  /** Two threads against one. */
  threads: Target | null;
  /** Times as fast as TensorFlow.js' WebAssembly. */
  tfjs: number | null;
  /** Every contestant's seconds at the points: the only one's; summed over x by trapezoids; or each by itself. */
  combine: "one" | "integral" | "series";
  contestants: readonly ContestantName[];
  points: readonly Point[];
  /** The points that a quick benchmark takes; none leaves the work out. */
  quick: readonly string[];
}

const ours = ["ours 1 thread", "ours 2 threads"] as const;
const torch = ["PyTorch", "PyTorch as installed", "PyTorch by hand"] as const;
const tfjs = ["tfjs-wasm", "tfjs-node"] as const;
/** The same networks by the engine's other backends. */
const others = ["backend tfjs-wasm", "backend tfjs-cpu", "backend tensorflow"] as const;

const trained = { epoch: epochs.at(-1)! };
const [ten, hundred] = [
  { batchSize: 10, steps: 100 },
  { batchSize: 100, steps: 40 },
];

const plain = { target: null, threads: null, tfjs: null, combine: "one", quick: ["trained"] } as const;

function one(problem: Point["problem"]): Point[] {
  return [{ label: "trained", x: 0, problem }];
}

export const works: readonly Work[] = [
  {
    ...plain,
    name: "trained",
    title: "paper's network, batch 10, trained",
    target: { floor: 12, goal: 25 },
    threads: { floor: 1.3, goal: 1.7 },
    tfjs: 200,
    contestants: [...ours, ...torch, ...tfjs, ...others],
    points: one((material) => material.mnist("mnist-rectifier", { ...trained, ...ten })),
  },
  {
    ...plain,
    name: "epochs",
    title: "the same, all of epochs 1–15",
    target: { floor: 6, goal: 12 },
    combine: "integral",
    contestants: [...ours, ...torch],
    points: epochs.map((epoch) => ({
      label: `epoch ${epoch}`,
      x: epoch,
      problem: (material) => material.mnist("mnist-rectifier", { epoch, ...ten }),
    })),
    quick: ["epoch 0", "epoch 1"],
  },
  {
    ...plain,
    name: "tanh",
    title: "the same with tanh",
    target: { floor: 0.8, goal: 1.5 },
    threads: { floor: 1.5, goal: 1.8 },
    contestants: [...ours, ...torch, ...tfjs, ...others],
    // dense from the first step to the last: one epoch is as good as fifteen
    points: one((material) => material.mnist("mnist-tanh", { epoch: 1, ...ten })),
  },
  {
    ...plain,
    name: "batch-100",
    title: "paper's network, batch 100, trained",
    target: { floor: 1.5, goal: 3 },
    contestants: [...ours, ...torch],
    points: one((material) => material.mnist("mnist-rectifier", { ...trained, ...hundred })),
  },
  ...[
    { zeros: 54, target: { floor: 2, goal: 4 } },
    { zeros: 90, target: { floor: 6, goal: 12 } },
  ].map(
    ({ zeros, target }): Work => ({
      ...plain,
      name: `sentiment-${zeros}`,
      title: `sentiment size, batch 10, ${zeros} % zeros`,
      target,
      contestants: [...ours, ...torch],
      points: one((material) => material.sentiment(1 - zeros / 100)),
      quick: [],
    }),
  ),
  {
    ...plain,
    name: "inference",
    title: "inference over 10,000 examples, trained",
    target: { floor: 1.5, goal: 4 },
    contestants: [...ours, "PyTorch", ...tfjs],
    points: one((material) => material.mnistInference(trained.epoch)),
  },
  {
    ...plain,
    name: "density",
    title: "time per step against density",
    combine: "series",
    contestants: ours,
    points: [1, 0.5, 0.3, 0.17, 0.1, 0.05].map((density) => ({
      label: `${100 * density} %`,
      x: density,
      problem: (material) => material.mnistOfDensity(density),
    })),
    quick: ["100 %", "17 %", "5 %"],
  },
];
