/** Every figure that Rectiscope shows: its type here, its definition in words beside it, its computation in engine/sparsity. */

/** Figures of one hidden layer on a named set. Null where a figure is not defined for the layer's units. */
export interface LayerFigures {
  /** Exact zeros ÷ all outputs, over units × examples. */
  sparsity: number | null;
  /** Share of outputs with |h| < nearZeroEpsilon; for units without exact zeros. */
  nearZero: number | null;
  /** Units that fire on no example of the set. */
  dead: number | null;
  /** Units that have not fired in the last training examples (window: dyingWindow of the run's config). */
  dying: number | null;
  /** Units whose mean |h| is at most τ times the mean over the layer. */
  dormant: number;
  /** Units that fire on some examples, but on a smaller share than the threshold; null when the set is too small to tell. */
  rare: number | null;
  /** Units that fire on every example. */
  alwaysOn: number | null;
  /** Units active per example. */
  activeUnits: { mean: number; p10: number; p50: number; p90: number } | null;
  /** Mean of the outputs, sign mask included. */
  meanActivation: number;
  /** ‖W‖₂ of the layer's weights. */
  weightNorm: number;
  /** ‖∂L/∂W‖₂ of a training step, mean over the steps since the evaluation before; null where there were none. */
  gradientNorm: number | null;
  /** ‖ΔW‖₂ of these steps, likewise, ÷ weightNorm. */
  updateRatio: number | null;
}

/** The same of a layer that was not trained here: what only training tells is null. */
export type ActivationFigures = Omit<LayerFigures, "weightNorm"> & { weightNorm: number | null };

/** Bound of the near-zero share. */
export const nearZeroEpsilon = 1e-3;

/** What a person reads about a figure. */
export interface Definition {
  label: string;
  text: string;
}

export const definitions = {
  sparsity: {
    label: "Sparsity",
    text: "Share of outputs that are exactly zero, over all units and all examples of the named set.",
  },
  nearZero: {
    label: "Near zero",
    text: `Share of outputs with |h| < ${nearZeroEpsilon}. Not sparsity: these units are never exactly zero.`,
  },
  dead: { label: "Dead", text: "Units that fire (give a non-zero output) on no example of the named set." },
  dying: {
    label: "Dying",
    text: "Units that have not fired during the last training examples; the window is one epoch unless the config says otherwise.",
  },
  dormant: {
    label: "Dormant",
    text: "τ-dormant units: mean |h| at most τ (0.025 unless the config says otherwise) times the mean over the layer.",
  },
  rare: {
    label: "Rare",
    text: "Units that fire on fewer than one example in a thousand (or the config's threshold), but on some.",
  },
  alwaysOn: { label: "Always on", text: "Units that fire on every example: on this set they are linear." },
  activeUnits: { label: "Active units", text: "Units with a non-zero output, per example." },
  firingFrequency: { label: "Firing frequency", text: "Share of examples on which a unit's output is not zero." },
  meanActivation: { label: "Mean activation", text: "Mean output of the layer, sign mask included." },
  gradientNorm: {
    label: "Gradient norm",
    text: "‖∂L/∂W‖₂ of a layer's weights, mean over the training steps since the evaluation before.",
  },
  updateRatio: {
    label: "Update ratio",
    text: "‖ΔW‖₂ ÷ ‖W‖₂ of a layer: how far a training step moves its weights, mean over the steps since the evaluation before.",
  },
  error: { label: "Error", text: "Share of examples whose most probable class is not the label." },
  rmse: {
    label: "RMSE",
    text: "Root of the mean squared difference between the number of stars that the network expects, the mean under its softmax, and the label.",
  },
  reconstruction: {
    label: "Reconstruction error",
    text: "In pre-training: what it costs to reconstruct an example from its corrupted copy, summed over the layer's inputs; mean over the named set. Costs of two layers are of different things.",
  },
  loss: { label: "Loss", text: "Mean of −log P(correct class), in nats, without the L1 penalty." },
} satisfies Record<string, Definition>;
