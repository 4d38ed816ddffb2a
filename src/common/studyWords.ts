/** Studies in words, the same in the editor, on the command line and in docs/reproduction.md. */
import { integer, percent, stars } from "./format.js";
import { english, type Language } from "./language.js";
import type { PublishedRow, PublishedWord, RowTraits, StudyFigure } from "./studies.js";
import type { StudyId } from "./studyIds.js";
import type { Deviation, StudyRow } from "./studyReport.js";
import type { MeanFigure } from "./sweepSummary.js";

/** What the study asks. */
export function studyTitle(id: StudyId, { t }: Language = english): string {
  const titles: Record<StudyId, string> = {
    "table1-mnist": t("Rectifier, tanh and softplus on MNIST"),
    "table1-cifar10": t("Rectifier, tanh and softplus on CIFAR-10"),
    "table1-nistp": t("Rectifier, tanh and softplus on NISTP"),
    "table1-norb": t("Rectifier, tanh and softplus on NORB"),
    "softplus-sharpness": t("From softplus to rectifier, on NORB"),
    figure3: t("How much sparsity is too much, on MNIST"),
    figure4: t("What pre-training gains, by number of labels, on NORB"),
    opentable: t("Stars of restaurant reviews, OpenTable"),
    amazon: t("Are reviews positive? Four products of Amazon"),
  };
  return titles[id];
}

/** "Table 1 of the paper" */
export function sourceWords(source: string, { t }: Language = english): string {
  const [kind, number] = source.split(" ") as [string, string];
  if (kind === "Table") return t("Table {0} of the paper", number);
  return kind === "Figure" ? t("Figure {0} of the paper", number) : t("Section {0} of the paper", number);
}

export function figureName(figure: StudyFigure, { t }: Language = english): string {
  const names: Record<StudyFigure, string> = {
    testError: t("Test error"),
    testAccuracy: t("Test accuracy"),
    testRmse: t("Test RMSE, in stars"),
    gain: t("Test error that pre-training saves"),
  };
  return names[figure];
}

/** "tanh, with pre-training" */
export function rowName(row: RowTraits, { t, locale }: Language = english): string {
  const { unit, pretrained, sharpness, layers, labelFraction, band } = row;
  const parts = [];
  if (unit) parts.push(sharpness === undefined ? unit : `${unit} α ${sharpness.toLocaleString(locale)}`);
  if (layers === 0) parts.push(t("no hidden layer"));
  else if (layers === 1) parts.push(t("1 hidden layer"));
  else if (layers !== undefined) parts.push(t("{0} hidden layers", layers));
  if (pretrained !== undefined) parts.push(pretrained ? t("with pre-training") : t("without pre-training"));
  if (labelFraction !== undefined) parts.push(t("{0} of the labels", percent(labelFraction, 0, locale)));
  if (band) {
    const [from, to] = band.map((share) => percent(share, 0, locale)) as [string, string];
    parts.push(
      band[0] === 0
        ? t("fewer than {0} zeros", to)
        : band[1] === 1
          ? t("{0} zeros or more", from)
          : t("{0} to {1} zeros", from, to),
    );
  }
  return parts.join(", ");
}

export function publishedWords(row: PublishedRow, figure: StudyFigure, language: Language = english): string {
  return row.published === null
    ? wordOf(row.word ?? "notSaid", language)
    : figureText(row.published, figure, language.locale);
}

function wordOf(word: PublishedWord, { t }: Language): string {
  const words: Record<PublishedWord, string> = {
    notSaid: t("no number given"),
    flat: t("about the same error"),
    grows: t("the error grows"),
    gain: t("a gain"),
    largeGain: t("a large gain"),
    noGain: t("no gain"),
  };
  return words[word];
}

export function figureText(value: number, figure: StudyFigure, locale?: string): string {
  return figure === "testRmse" ? stars(value, locale) : percent(value, 2, locale);
}

/** "1.92 % ± 0.08" */
export function meanText({ mean, sd }: MeanFigure, figure: StudyFigure, locale?: string): string {
  const shown = figureText(mean, figure, locale);
  return sd === null ? shown : `${shown} ± ${figureText(sd, figure, locale).replace(/\s*%$/, "")}`;
}

/** Why a row has no figure of ours; empty where it has one. */
export function absence({ ours, done, of, zeros, band }: StudyRow, { t }: Language = english): string {
  if (band && of > 0) return ours ? "" : t("no network so far");
  if (ours) return done < of ? t("{0} of {1} so far", done, of) : "";
  if (zeros !== null || done > 0) return t("not measured on these data");
  return of === 0 ? t("not in this sweep") : t("not run");
}

export function deviationWords(deviation: Deviation, language: Language = english): string {
  const { t, locale } = language;
  const number = (value: number) => value.toLocaleString(locale, { maximumSignificantDigits: 6 });
  const list = (values: readonly (number | string)[]) =>
    values.map((value) => (typeof value === "number" ? number(value) : value)).join(", ");
  const shapes = (all: readonly (readonly number[])[]) => all.map((shape) => shape.join("–")).join(", ");
  const range = ({ least, most }: { least: number; most: number }) =>
    least === most ? integer(most, locale) : t("{0} to {1}", integer(least, locale), integer(most, locale));
  switch (deviation.kind) {
    case "dataset": {
      const { ours, ourExamples, paper, paperExamples } = deviation;
      const there = integer(paperExamples, locale);
      return ourExamples === null
        ? t("Other data: {0} in place of the paper's {1}, with {2} examples to learn from.", ours, paper, there)
        : t(
            "Other data: {0} with {1} examples to learn from, in place of the paper's {2} with {3}.",
            ours,
            integer(ourExamples, locale),
            paper,
            there,
          );
    }
    case "hidden":
      return t("Hidden layers of {0} units; the paper's have {1}.", shapes(deviation.ours), shapes([deviation.paper]));
    case "epochs":
      return deviation.most === 1
        ? t(
            "Trained for 1 epoch; the paper's authors trained for up to {0}, with the checkpoint of the best validation error.",
            integer(deviation.paper, locale),
          )
        : t(
            "Trained for {0} epochs, with the checkpoint of the best validation error; the paper's authors trained for up to {1}.",
            range(deviation),
            integer(deviation.paper, locale),
          );
    case "pretrainingEpochs":
      return t(
        "Pre-trained for {0} epochs a layer; the paper's authors for {1}.",
        range(deviation),
        integer(deviation.paper, locale),
      );
    case "shortSearch":
      return deviation.search === 1
        ? t(
            "Learning rates were compared after 1 epoch, on the validation set; then networks were trained anew for {0}. The paper compares networks that were fully trained.",
            deviation.final,
          )
        : t(
            "Learning rates were compared after {0} epochs, on the validation set; then networks were trained anew for {1}. The paper compares networks that were fully trained.",
            deviation.search,
            deviation.final,
          );
    case "rates":
      return t(
        "The learning rate was chosen among {0}; in the paper among {1}.",
        list(deviation.ours),
        list(deviation.paper),
      );
    case "oneRate":
      return t(
        "One learning rate, {0}, without a search; in the paper the best of {1}.",
        number(deviation.ours),
        list(deviation.paper),
      );
    case "batchSize":
      return t(
        "Mini-batches of {0} examples; the paper's have {1}.",
        list(deviation.ours),
        integer(deviation.paper, locale),
      );
    case "optimizer":
      return t("Trained with {0}; the paper uses plain stochastic gradient descent.", list(deviation.ours));
    case "penalty":
      return deviation.ours.every((l1) => l1 === 0)
        ? t(
            "No L1 penalty on the activations of {0} units; the paper names λ {1}, and not for which units.",
            deviation.unit,
            number(deviation.paper),
          )
        : t(
            "L1 penalty λ {0} on the activations of {1} units; the paper's is {2}.",
            list(deviation.ours),
            deviation.unit,
            number(deviation.paper),
          );
    case "signs":
      return t("Sign mask: {0}; the paper flips half of the signs of rectifiers, and no others.", list(deviation.ours));
    case "targetSparsity":
      return t("λ was moved to reach a target sparsity; the paper's is constant.");
    case "revive":
      return t("Units that died were revived; the paper's were not.");
    case "warmStart":
      return t("Trained on from another run's network; the paper's begin anew.");
    case "labels":
      return t(
        "Trained on {0} of the labels; the paper's networks on all.",
        list(deviation.ours.map((share) => percent(share, 0, locale))),
      );
    case "sharpness":
      return t("Softplus with the sharpness α {0}; the paper's is 1.", list(deviation.ours));
    case "corruption":
      return t(
        "Pre-trained with {0} of the inputs masked; in the paper {1}.",
        list(deviation.ours.map((share) => percent(share, 0, locale))),
        percent(deviation.paper, 0, locale),
      );
    case "networks":
      return t("{0} networks; the paper has {1}.", integer(deviation.ours, locale), integer(deviation.paper, locale));
    case "oneSeed":
      return t(
        "One network for each setting (one seed), so that there is no spread to tell chance by. The paper does not say how many it trained.",
      );
    case "notLearnt":
      return deviation.trials.length === 1
        ? t(
            "Trial {0} was never better than before training, and is in no row: its zeros would be those of chance.",
            list(deviation.trials),
          )
        : t(
            "Trials {0} were never better than before training, and are in no row: their zeros would be those of chance.",
            list(deviation.trials),
          );
    case "folds":
      return deviation.ours === null
        ? t("No cross-validation; the paper's has {0} folds.", deviation.paper)
        : t("Cross-validation with {0} folds; the paper's has {1}.", deviation.ours, deviation.paper);
  }
}
