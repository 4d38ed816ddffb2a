/** The paper's studies as files that come with the extension, ready to be copied and run. */
import type { Language } from "../../common/language.js";
import { studies } from "../../common/studies.js";
import type { StudyId } from "../../common/studyIds.js";
import { sourceWords, studyTitle } from "../../common/studyWords.js";

export interface StudyTemplate {
  study: StudyId;
  /** A name to start with; also that of the file, without its ending. */
  name: string;
  label: string;
  description: string;
  detail: string;
}

/** Inside the extension. */
export const studiesFolder = "examples/studies";

export function studyTemplates(language: Language): StudyTemplate[] {
  const { t } = language;
  const template = (name: string, study: StudyId, detail: string): StudyTemplate => ({
    study,
    name,
    label: studyTitle(study, language),
    description: sourceWords(studies[study].source, language),
    detail,
  });
  return [
    {
      ...template(
        "first-look",
        "table1-mnist",
        t("Small networks on the digits that come with Rectiscope; a minute or so"),
      ),
      label: t("A first look"),
    },
    template("table1-mnist", "table1-mnist", t("Without pre-training, 5 epochs; an hour")),
    template("table1-mnist-pretrained", "table1-mnist", t("With pre-training; days")),
    template("table1-cifar10", "table1-cifar10", t("With and without pre-training; days")),
    template("table1-norb", "table1-norb", t("With and without pre-training; weeks")),
    template("table1-nistp", "table1-nistp", t("Characters of your own, with and without pre-training; days")),
    template(
      "softplus-sharpness",
      "softplus-sharpness",
      t("Five sharpnesses and the rectifier, four rates each; days"),
    ),
    template("figure3", "figure3", t("12 networks, L1 penalties from 0 to 0.01, 2 epochs; less than an hour")),
    template("figure4", "figure4", t("A hundredth, a tenth and all of the labels; days")),
    template("opentable", "opentable", t("Reviews of your own with stars, in ten folds; days")),
    template("amazon", "amazon", t("The reviews of Blitzer and others (2007); hours")),
  ];
}
