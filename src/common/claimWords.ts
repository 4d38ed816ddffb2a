/** The claims in words, the same on the command line and in the dashboard: what the paper says, what a run shows, and what counts. */
import {
  type Claim,
  type ClaimFigures,
  type ClaimName,
  claimBounds,
  type Inapplicable,
  type Verdict,
} from "./claims.js";
import { integer, percent, significant } from "./format.js";
import { english, type Language } from "./language.js";
import type { SetName } from "./run.js";

/** Layers that a sentence names one by one. */
const mostListed = 6;

export interface ClaimWords {
  title: string;
  /** What the paper says, in one sentence. */
  paper: string;
  /** What the run shows, in one sentence; or why it shows nothing. */
  run: string;
  /** What counts as holding; empty where the claim says nothing of the run. */
  criterion: string;
}

/** @param activation of the run's hidden units */
export function claimWords(claim: Claim, activation: string, language: Language = english): ClaimWords {
  const { title, paper, criterion } = statements[claim.claim](language);
  if (claim.verdict === "notApplicable")
    return { title, paper, run: reasonWords(claim.reason, activation, language), criterion: "" };
  return { title, paper, run: shownWords(claim, language), criterion };
}

export function verdictWord(verdict: Verdict, { t }: Language = english): string {
  if (verdict === "holds") return t("Holds");
  return verdict === "fails" ? t("Does not hold") : t("Not applicable");
}

export function claimTitle(name: ClaimName, language: Language = english): string {
  return statements[name](language).title;
}

function reasonWords(reason: Inapplicable, activation: string, { t }: Language): string {
  if (reason === "units")
    return t("This says nothing of the run: it is about rectifiers, and the run's units are {0}.", activation);
  if (reason === "oneLayer") return t("This says nothing of the run: it has one hidden layer, and none below it.");
  if (reason === "noMask") return t("This says nothing of the run: it flips no signs.");
  return t("This says nothing of the run: it began with another run's network, not with random weights.");
}

const statements: Record<ClaimName, (language: Language) => Omit<ClaimWords, "run">> = {
  zerosAtStart: ({ t, locale }) => ({
    title: t("Half of the outputs are zero at the start"),
    paper: t(
      "With weights drawn evenly around 0, about half of the hidden outputs are exactly zero before any training.",
    ),
    criterion: t(
      "Holds where the mean over the layers is between {0} and {1}.",
      percent(0.5 - claimBounds.zerosFromHalf, 0, locale),
      percent(0.5 + claimBounds.zerosFromHalf, 0, locale),
    ),
  }),
  linearity: ({ t }) => ({
    title: t("Linear on the active units"),
    paper: t("For a given input the active units select a linear map: the outputs are exactly A·x + c."),
    criterion: t("Holds where no difference is larger than rounding can make it."),
  }),
  patterns: ({ t }) => ({
    title: t("Many linear maps in one network"),
    paper: t(
      "Inputs differ in which units they activate, so that one network holds very many linear maps, which share their weights.",
    ),
    criterion: t("Holds where there are more patterns than classes."),
  }),
  gradients: ({ t, locale }) => ({
    title: t("Gradients reach the lower layers"),
    paper: t("Gradients flow back along active paths without being weakened, as they would be by units that saturate."),
    criterion: t(
      "Holds where the norm at layer 1 is at least {0} of that at the last hidden layer, at the start and as trained.",
      percent(claimBounds.gradientRatio, 0, locale),
    ),
  }),
  overlap: ({ t, locale }) => ({
    title: t("Similar inputs have similar active units"),
    paper: t(
      "A small change of an input leaves most of its active units active; inputs of another class share fewer of them.",
    ),
    criterion: t(
      "Holds where a changed copy overlaps by at least {0}, more than two examples of a class, these more than two classes, and those by at most {1}, as two random halves of the units would.",
      percent(claimBounds.nearOverlap, 0, locale),
      percent(claimBounds.betweenOverlap, 0, locale),
    ),
  }),
  activeUnits: ({ t }) => ({
    title: t("A code of variable size"),
    paper: t("Inputs hold more or less information, and the number of active units can follow."),
    criterion: t("Holds where in every layer the 90 % quantile is above the 10 % quantile."),
  }),
  separability: ({ t }) => ({
    title: t("Classes become linearly separable"),
    paper: t("Sparse representations are more likely to be separable by a linear classifier."),
    criterion: t("Holds where the last hidden layer gives fewer errors than the inputs."),
  }),
  meanActivation: ({ t, locale }) => ({
    title: t("The sign mask cancels the mean activation"),
    paper: t(
      "Rectifier outputs are one-sided; with the signs of half of the units flipped, a layer's mean activation can cancel.",
    ),
    criterion: t(
      "Holds where in every layer the mean with the mask is at most {0} of that without.",
      percent(claimBounds.maskedShare, 0, locale),
    ),
  }),
  rescaling: ({ t }) => ({
    title: t("Rescaling the layers changes nothing"),
    paper: t(
      "Dividing each layer's weights by some α > 0, and its biases by the product of the α up to there, divides the outputs by the product of all α and does nothing else.",
    ),
    criterion: t("Holds where no difference is larger than rounding can make it."),
  }),
};

function shownWords(claim: Exclude<Claim, { verdict: "notApplicable" }>, language: Language): string {
  const { t, locale } = language;
  const share = (value: number) => percent(value, 1, locale);
  const number = (value: number) => significant(value, locale);
  const small = (value: number) => compact(value, locale);
  const ofRounding = (value: number) => roundingShare(value, locale);
  const byLayer = <T>(layers: readonly T[], words: (layer: T) => string) => listed(layers.map(words)).join(" / ");
  const examples = examplesOf(claim.figures, language);
  switch (claim.claim) {
    case "zerosAtStart": {
      const { mean, layers } = claim.figures;
      return t(
        "With the initial weights {0} of the hidden outputs are zero (by layer {1}), on {2}.",
        share(mean),
        byLayer(layers, share),
        examples,
      );
    }
    case "linearity": {
      const { double, engine, largestOutput } = claim.figures;
      return t(
        "On {0}, A·x + c differs from the forward pass by at most {1} in double precision ({2} of what rounding can make) and {3} in the engine's single precision ({4}); the largest output is {5}.",
        examples,
        small(double.largest),
        ofRounding(double.ofRounding),
        small(engine.largest),
        ofRounding(engine.ofRounding),
        number(largestOutput),
      );
    }
    case "patterns": {
      const { distinct, layers, mostFrequent } = claim.figures;
      return t(
        "{0} have {1} distinct patterns of active units (by layer {2}); the most frequent one is shared by {3}.",
        examples,
        integer(distinct, locale),
        byLayer(layers, (count) => integer(count, locale)),
        integer(mostFrequent, locale),
      );
    }
    case "gradients": {
      const { layers, batchSize } = claim.figures;
      const ratio = (of: (layer: ClaimFigures["gradients"]["layers"][number]) => number) =>
        number(of(layers[0]!) / of(layers.at(-1)!));
      return t(
        "‖∂L/∂W‖ at layer 1 is {0} times that at layer {1} as trained, and {2} times at the start, where tanh units with the same weights have {3} times ({4} in mini-batches of {5}).",
        ratio(({ trained }) => trained),
        layers.length,
        ratio(({ start }) => start),
        ratio(({ tanh }) => tanh),
        examples,
        batchSize,
      );
    }
    case "overlap": {
      const { all, noise, pairs } = claim.figures;
      return t(
        "Active units overlap by {0} between an example and a copy with noise of {1} of its norm, by {2} within a class and by {3} between classes (mean Jaccard index over all hidden units, {4} pairs of {5}).",
        share(all.near),
        percent(noise, 0, locale),
        share(all.within),
        share(all.between),
        integer(pairs, locale),
        examples,
      );
    }
    case "activeUnits": {
      const range = ({ p10, p90, units }: ClaimFigures["activeUnits"]["layers"][number]) =>
        t("{0}–{1} of {2}", integer(p10, locale), integer(p90, locale), integer(units, locale));
      return t(
        "From the 10 % to the 90 % quantile an example has this many active units, by layer: {0}; on {1}.",
        byLayer(claim.figures.layers, range),
        examples,
      );
    }
    case "separability": {
      const { inputs, layers, network, trainedOn } = claim.figures;
      return t(
        "A linear classifier errs on {0} of {1} when it sees the inputs, and by hidden layer on {2}; the network itself errs on {3}. It learnt from {4} training examples.",
        percent(inputs, 2, locale),
        examples,
        byLayer(layers, (error) => percent(error, 2, locale)),
        percent(network, 2, locale),
        integer(trainedOn, locale),
      );
    }
    case "meanActivation": {
      const { layers } = claim.figures;
      return t(
        "By layer the mean output is {0} with the mask and {1} without, on {2}.",
        byLayer(layers, ({ masked }) => small(masked)),
        byLayer(layers, ({ unmasked }) => small(unmasked)),
        examples,
      );
    }
    case "rescaling": {
      const { identity, scaled, factor, engine } = claim.figures;
      return t(
        "On {0}, with α of product 1 the outputs change by at most {1} in double precision ({2} of what rounding can make); with a product of {3} they are divided by it, but for {4} ({5}); with powers of two they change by {6} in the engine.",
        examples,
        small(identity.largest),
        ofRounding(identity.ofRounding),
        number(1 / factor),
        small(scaled.largest),
        ofRounding(scaled.ofRounding),
        small(engine.largest),
      );
    }
  }
}

/** Of many layers the first ones and the last: a sentence is no table. */
function listed(layers: readonly string[]): readonly string[] {
  return layers.length > mostListed ? [...layers.slice(0, mostListed - 2), "…", ...layers.slice(-1)] : layers;
}

/** "2,000 validation examples" */
function examplesOf({ set, n }: { set: SetName; n: number }, { t, locale }: Language): string {
  const count = integer(n, locale);
  if (set === "train") return t("{0} training examples", count);
  return set === "valid" ? t("{0} validation examples", count) : t("{0} test examples", count);
}

/** 0.000123 → "1.2e−4": differences of many sizes, zero as it is; with a minus at which no line breaks. */
function compact(value: number, locale: string | undefined): string {
  if (value === 0) return "0";
  const plain = Math.abs(value) >= 1e-3 && Math.abs(value) < 1e6;
  const exponential = { notation: "scientific", maximumFractionDigits: 1 } as const;
  const text = plain ? significant(value, locale) : value.toLocaleString(locale, exponential).toLowerCase();
  return text.replaceAll("-", "−");
}

function roundingShare(share: number, locale: string | undefined): string {
  if (share > 100) return `> ${percent(100, 0, locale)}`;
  return `${(share * 100).toLocaleString(locale, { maximumSignificantDigits: 2 })} %`;
}
