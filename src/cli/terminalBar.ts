/** The bar that long work shows on a terminal. */
import { SingleBar } from "cli-progress";

/** @param format as cli-progress reads it */
export function terminalBar(stream: NodeJS.WriteStream, format: string): SingleBar {
  return new SingleBar({
    stream,
    format: `{bar} ${format}`,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 24,
    fps: 10,
    hideCursor: true,
    gracefulExit: false,
    noTTYOutput: false,
  });
}
