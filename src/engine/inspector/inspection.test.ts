import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { safetensorsFile } from "../../../test/support/modelFiles.js";
import type { FromInspector, InspectionState } from "../../common/inspectorMessages.js";
import type { TensorFigures } from "../../common/tensors.js";
import { Inspection } from "./inspection.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "rs-inspection-"));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, count: number, size: number): string {
  const header = Object.fromEntries(
    Array.from({ length: count }, (_, i) => [
      `layer${i}.weight`,
      { dtype: "F32", shape: [size, 4], data_offsets: [i * size * 16, (i + 1) * size * 16] },
    ]),
  );
  const file = path.join(folder, name);
  writeFileSync(file, safetensorsFile(header, new Uint8Array(count * size * 16)));
  return file;
}

function following(files: string[]) {
  const messages: FromInspector[] = [];
  let heard: (message: FromInspector) => void = () => {};
  const inspection = new Inspection(files, (message) => {
    messages.push(message);
    heard(message);
  });
  const figures = () =>
    messages.flatMap((message) => (message.type === "figures" ? (JSON.parse(message.json) as TensorFigures[]) : []));
  const state = (): InspectionState | undefined =>
    messages.flatMap((message) => (message.type === "progress" ? [message.progress.state] : [])).at(-1);
  return { inspection, messages, figures, state, onMessage: (listen: typeof heard) => (heard = listen) };
}

describe("an inspection", () => {
  it("lists first, then tells figures in order, then dead units, and how far it is", async () => {
    const { inspection, messages, figures, state } = following([write("a.safetensors", 3, 8)]);
    inspection.show();
    await inspection.run();
    await inspection.said();
    const types = messages.map(({ type }) => type).filter((type) => type !== "progress");
    expect(types.slice(0, 3)).toEqual(["begin", "opened", "listed"]);
    expect(figures().map(({ zeros }) => zeros)).toEqual([32, 32, 32]);
    expect(state()).toBe("done");
    const { progress } = messages.at(-1) as Extract<FromInspector, { type: "progress" }>;
    expect(progress.readBytes).toBe(progress.totalBytes);
  });

  it("tells everything anew to a page that comes back, and nothing to one that is hidden", async () => {
    const { inspection, messages, figures } = following([write("b.safetensors", 4, 8)]);
    await inspection.run();
    await inspection.said();
    expect(messages).toEqual([]);
    inspection.show();
    await inspection.said();
    expect(figures()).toHaveLength(4);
    inspection.hide();
    messages.length = 0;
    inspection.show();
    await inspection.said();
    expect(messages[0]).toMatchObject({ type: "begin" });
    expect(figures()).toHaveLength(4);
  });

  it("stops between pieces, keeps what it has, and goes on to the same figures", async () => {
    const { inspection, figures, state, onMessage } = following([write("c.safetensors", 6, 40_000)]);
    inspection.show();
    onMessage(({ type }) => type === "listed" && inspection.cancel());
    await inspection.run();
    await inspection.said();
    expect(state()).toBe("cancelled");
    expect(figures().length).toBeLessThan(6);
    onMessage(() => {});
    await inspection.goOn();
    await inspection.said();
    expect(state()).toBe("done");
    expect(figures().map(({ zeros }) => zeros)).toEqual(new Array(6).fill(160_000));
  });

  it("reads two files, each on its own side", async () => {
    const { inspection, messages } = following([write("d.safetensors", 1, 8), write("e.safetensors", 2, 8)]);
    inspection.show();
    await inspection.run();
    await inspection.said();
    const opened = messages.flatMap((message) => (message.type === "opened" ? [message] : []));
    expect(opened.map(({ side, opened: { tensors } }) => [side, tensors])).toEqual([
      [0, 1],
      [1, 2],
    ]);
  });

  it("names the file that cannot be read", async () => {
    const good = write("f.safetensors", 1, 8);
    const missing = path.join(folder, "missing.onnx");
    const { inspection, messages } = following([good, missing]);
    inspection.show();
    await inspection.run();
    await inspection.said();
    expect(messages).toContainEqual({
      type: "failed",
      error: { code: "missing", file: missing, message: expect.stringContaining("does not exist") },
    });
  });
});
