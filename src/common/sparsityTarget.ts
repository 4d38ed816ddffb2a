/** What λ may be where `training.targetSparsity` moves it. Imports nothing. */

/**
 * Not below 0: a reward for activity grows without end with the weights. (Tried on MNIST at the rate 0.1: −0.0003 held a network of 74 % zeros at
 * 60 % for an epoch, then its last layer died.) So what is sparser by itself than the target stays so.
 */
export const penaltyLimits = { least: 0, most: 1 };
