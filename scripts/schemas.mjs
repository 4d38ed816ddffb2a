/** The bundled JSON Schemas, from the one zod schema in src/common: one that validates, one that only helps with typing. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";

const root = path.join(import.meta.dirname, "..");

/** Writes experiment.schema.json, sweep.schema.json and of each one for editing into `folder`. */
export async function writeSchemas(folder) {
  const { experimentJsonSchema, editingJsonSchema } = await bundled("src/engine/experiment/jsonSchema.ts");
  await write("experiment.schema.json", experimentJsonSchema());
  await write("experiment.editing.schema.json", editingJsonSchema());
  const { sweepJsonSchema, editingSweepJsonSchema } = await bundled("src/engine/sweeps/sweepJsonSchema.ts");
  await write("sweep.schema.json", sweepJsonSchema());
  await write("sweep.editing.schema.json", editingSweepJsonSchema());

  function write(file, schema) {
    return writeFile(path.join(folder, file), `${JSON.stringify(schema, null, 2)}\n`);
  }
}

/** Imports a TypeScript module of this repository. */
async function bundled(file) {
  const result = await build({
    entryPoints: [path.join(root, file)],
    absWorkingDir: root,
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "node20",
    logLevel: "warning",
  });
  const code = Buffer.from(result.outputFiles[0].contents).toString("base64");
  return import(`data:text/javascript;base64,${code}`);
}
