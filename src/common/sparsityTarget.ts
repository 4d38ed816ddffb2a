/** What λ may be where `training.targetSparsity` moves it. Imports nothing. */

/**
 * Below 0 the penalty is a reward: it keeps a network less sparse than it would be by itself. That has no lower bound by itself, so it is kept
 * small beside the loss.
 */
export const penaltyLimits = { least: -0.001, most: 1 };
