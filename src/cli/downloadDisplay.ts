/** Progress of a download on stderr: a bar with the remaining time on a terminal, one line per file anywhere else. */
import { duration, megabytes, percent } from "../common/format.js";
import type { DownloadProgress } from "../engine/data/download.js";
import { DownloadRate } from "../engine/data/downloadRate.js";
import { terminalBar } from "./terminalBar.js";

export interface DownloadDisplay {
  update(progress: DownloadProgress): void;
  /** Leaves the terminal as it was found. */
  end(): void;
}

export function downloadDisplay(stream: NodeJS.WriteStream): DownloadDisplay {
  return stream.isTTY ? barDisplay(stream) : lineDisplay(stream);
}

function barDisplay(stream: NodeJS.WriteStream): DownloadDisplay {
  const bar = terminalBar(stream, "{share} · {amount} · {remaining}");
  const rate = new DownloadRate();
  let started = false;
  return {
    update({ received, total }) {
      const seconds = rate.remainingSeconds(received, total);
      const shown = {
        share: percent(received / total, 0).padStart(5),
        amount: `${megabytes(received)} of ${megabytes(total)}`,
        remaining: seconds === null ? "…" : `${duration(seconds)} left`,
      };
      if (started) bar.update(received, shown);
      else bar.start(total, received, shown);
      started = true;
    },
    end() {
      if (started) bar.stop();
      started = false;
    },
  };
}

function lineDisplay(stream: NodeJS.WriteStream): DownloadDisplay {
  let shown = "";
  return {
    update({ file, received, total }) {
      if (file === shown) return;
      shown = file;
      stream.write(`${file} · ${megabytes(received)} of ${megabytes(total)}\n`);
    },
    end() {},
  };
}
