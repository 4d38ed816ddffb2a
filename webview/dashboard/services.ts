/** What the parts of the page need of the page. */
import type { View } from "./view.js";

export interface Services {
  view: View;
  /** Puts text on the clipboard; says so, or shows why it could not. */
  copy(text: string): Promise<boolean>;
  /** To screen readers, when they are quiet. */
  say(words: string): void;
}
