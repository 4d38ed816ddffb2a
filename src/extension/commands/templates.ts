/** What a new experiment can start from: files that come with the extension. */
import type { Language } from "../../common/language.js";

export interface Template {
  label: string;
  detail: string;
  /** A name to start with. */
  name: string;
  /** Path inside the extension. */
  file: string;
}

export function templates({ t }: Language): Template[] {
  return [
    {
      label: t("Quick look"),
      detail: t("A small rectifier network on the digits that come with Rectiscope; takes seconds"),
      name: "quick",
      file: "examples/quick.rectiscope.json",
    },
    {
      label: t("The paper's rectifier on MNIST"),
      detail: t("Three layers of 1000 rectifiers, half of the signs flipped, L1 penalty on activations"),
      name: "mnist-rectifier",
      file: "examples/mnist-rectifier.rectiscope.json",
    },
    {
      label: t("Tanh, for contrast"),
      detail: t("The same network with hyperbolic tangents, which are never exactly zero"),
      name: "mnist-tanh",
      file: "examples/mnist-tanh.rectiscope.json",
    },
    {
      label: t("Softplus"),
      detail: t("The smooth relative of the rectifier, as sharp as you like"),
      name: "mnist-softplus",
      file: "media/templates/mnist-softplus.rectiscope.json",
    },
  ];
}
