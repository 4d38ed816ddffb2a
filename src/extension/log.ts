/** The extension's log, which also remembers the last errors for 'Copy Diagnostics'. */
import type * as vscode from "vscode";

const mostErrors = 20;

export class Log {
  private readonly recent: string[] = [];

  constructor(private readonly channel: vscode.LogOutputChannel) {}

  info(text: string): void {
    this.channel.info(text);
  }

  error(error: unknown): void {
    this.channel.error(error instanceof Error ? error : String(error));
    this.recent.push(`${new Date().toISOString()} ${error instanceof Error ? (error.stack ?? error.message) : error}`);
    if (this.recent.length > mostErrors) this.recent.shift();
  }

  show(): void {
    this.channel.show();
  }

  /** The last ones of this session, oldest first. */
  get errors(): readonly string[] {
    return this.recent;
  }
}
