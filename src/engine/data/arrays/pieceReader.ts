/** Takes exact numbers of bytes from a stream of pieces. */

export class PieceReader {
  private readonly pieces: AsyncIterator<Uint8Array>;
  private rest: Uint8Array = new Uint8Array();
  /** Bytes taken so far. */
  offset = 0;

  constructor(
    pieces: AsyncIterable<Uint8Array>,
    /** Sees every byte once. */
    private readonly hash?: { update(bytes: Uint8Array): unknown },
  ) {
    this.pieces = pieces[Symbol.asyncIterator]();
  }

  /** @returns `length` bytes, valid until the next call; fewer at the end */
  async take(length: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let missing = length;
    while (missing > 0) {
      if (this.rest.length === 0) {
        const { value, done } = await this.pieces.next();
        if (done) break;
        this.hash?.update(value);
        this.rest = value;
      }
      const part = this.rest.subarray(0, missing);
      this.rest = this.rest.subarray(part.length);
      missing -= part.length;
      if (part.length > 0) parts.push(part);
    }
    this.offset += length - missing;
    if (parts.length === 1) return parts[0] as Uint8Array;
    const out = new Uint8Array(length - missing);
    let at = 0;
    for (const part of parts) {
      out.set(part, at);
      at += part.length;
    }
    return out;
  }

  /** Closes what the pieces come from. */
  async close(): Promise<void> {
    await this.pieces.return?.();
  }
}
