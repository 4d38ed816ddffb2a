/** How a process ended that should not have, in words. */

/** Of what a process that crashed has said, the end is kept. */
export const keptOutput = 2_000;

/** @param said on stderr @returns the end of a sentence that begins with the process, and more */
export function endOfProcess(code: number | null, signal: NodeJS.Signals | null, said: string): string {
  const how = signal ? `by ${signal}` : `with code ${code}`;
  const why = signal === "SIGKILL" ? " Something killed it: perhaps memory ran out." : "";
  const words = said.trim();
  return `ended ${how}.${why}${words ? ` It said: ${words}` : ""}`;
}
