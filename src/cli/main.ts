/** The command line `rectiscope`. Results go to stdout, everything said on the way to stderr. Each command is loaded when it is called. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { type BackendName, backends } from "../common/backends.js";
import { userDataFolder, userTensorflowFolder } from "../engine/data/downloadFolder.js";
import { exitCodeOf, exitCodes, failureOf, InputError } from "./exitCodes.js";

const tensorflowFolder = userTensorflowFolder();

const help = `rectiscope: trains rectifier networks and shows sparsity and dead units per layer.

  rectiscope train CONFIG [options]   trains an experiment, *.rectiscope.json
  rectiscope train --resume RUN       lets a run that was stopped, paused or interrupted go on from its
                                      last checkpoint; it ends as if it had never stopped
  rectiscope sweep CONFIG [options]   trains every trial of a sweep, *.sweep.rectiscope.json, several at once
  rectiscope sweep --resume DIR       lets a sweep go on; trials that are done are not trained again
  rectiscope ls [DIR] [--json]        lists the runs and sweeps of a folder and all below it
  rectiscope inspect DIR [--json]     prints the tables of a run folder or a sweep folder
  rectiscope inspect FILE [--json]    lists the tensors of a model file with their zeros: .safetensors, .onnx,
                                      TensorFlow.js model.json, .npz, .npy
  rectiscope inspect FILE OTHER       says what is different in the other: tensors, and units that died
  rectiscope claims RUN [options]     checks the paper's claims on a run that has ended: zeros at the start, linearity,
                                      gradients, overlap of active units, separability, …; keeps them in claims.json
  rectiscope deaths RUN [--json]      says what the dead units of each layer died of, by what was recorded of them
  rectiscope unit RUN LAYER UNIT [options]
                                      reports on one unit: its state over training, why it is dead, its weights, and
                                      what it gives on the validation set; layers count from 1, units from 0
  rectiscope probe MODEL --data CONFIG [options]
                                      runs the data set of an experiment through a model file, and says what its
                                      units did: zeros, dead units and all else that a run's evaluations say
  rectiscope download NAME [options]  downloads mnist, fashion-mnist or sentiment-sentences, after saying from where,
                                      how much and under which licence; goes on where an earlier time ended
  rectiscope check-tensorflow         says whether TensorFlow's native library loads, for "backend": "tensorflow",
                                      and what would install it

Options of train:
  --set PATH=VALUE   a value in place of the config's, such as --set training.epochs=3 or
                     --set network.hidden=[500,500]; may be given several times
  --out DIR          the run folder, absent or empty
                     (default: .rectiscope/runs/<time>-<name>-<id> beside the config)
  --data DIR         a folder with data sets, for configs that do not say where they are; several times;
                     searched before the folder that download stores in
  --tensorflow DIR   the folder where tfjs-node is installed
                     (default: ${tensorflowFolder})
  --backend NAME     with --resume: goes on with another backend than it began with
  --revive           with --resume: revives the units that are dead on the validation set before it goes on
  --json             one line of JSON on stdout, all else on stderr

Options of sweep:
  --jobs N           trials trained at once (default: the sweep's jobs, one a core, as memory allows);
                     the results are the same for any number
  --out DIR          the sweep folder, absent or empty
                     (default: .rectiscope/sweeps/<time>-<name>-<id> beside the config)
  --retry            with --resume: failed trials once more
  --data, --tensorflow, --json     as above

Options of check-tensorflow: --tensorflow, --json, as above

Options of claims:
  --again            computes anew what was checked before
  --data, --json     as above

Options of unit:
  --data, --json     as above

Options of probe:
  --data CONFIG      an experiment, *.rectiscope.json, for its data set; or the name of an example, such as quick
  --set SET          training, validation or test (default: validation)
  --n N              the first N examples of it (default: all)
  --json             as above

Options of download:
  --to DIR           the folder in which the data set becomes a folder
                     (default: ${userDataFolder()})
  --yes              does not ask
  --json             as above

  --help, --version

Ctrl+C stops a run or a sweep after a checkpoint, a download, a probe, a report or a check of claims at once; a second time ends it at once.
Exits with 0; 1 when the run, a trial, the probe or the download failed; 2 for bad input; 130 after Ctrl+C, 143 after SIGTERM.
`;

const targets = {
  train: "a config",
  sweep: "a sweep's config",
  inspect: "a run folder, a sweep folder or a model file",
  claims: "a run folder",
  deaths: "a run folder",
  unit: "a run folder, a layer and a unit",
  probe: "a model file",
  download: "the name of a data set",
};
/** They work without one. */
const withoutTarget = ["ls", "check-tensorflow"];
const optionsOf = {
  train: ["set", "out", "resume", "revive", "data", "tensorflow", "backend", "json"],
  sweep: ["jobs", "out", "resume", "retry", "data", "tensorflow", "json"],
  ls: ["json"],
  inspect: ["json"],
  claims: ["again", "data", "json"],
  deaths: ["json"],
  unit: ["data", "json"],
  probe: ["data", "set", "n", "json"],
  download: ["to", "yes", "json"],
  "check-tensorflow": ["tensorflow", "json"],
};

async function main(argv: string[]): Promise<number> {
  const { values, positionals } = parseCommandLine(argv);
  const version = await packageVersion();
  if (values.version) {
    process.stdout.write(`${version}\n`);
    return exitCodes.done;
  }
  const [command, target, ...rest] = positionals;
  if (command === undefined && values.json && !values.help) throw usageError("There is no command.");
  if (values.help || command === undefined || command === "help") {
    (values.help || command ? process.stdout : process.stderr).write(help);
    return values.help || command ? exitCodes.done : exitCodes.badInput;
  }
  if (!isCommand(command))
    throw usageError(`There is no command ${JSON.stringify(command)}; there are ${Object.keys(optionsOf).join(", ")}.`);
  const unfit = Object.keys(values).find((name) => !optionsOf[command].includes(name));
  if (unfit) throw usageError(`${command} has no option --${unfit}.`);
  if ((command === "train" || command === "sweep") && values.resume !== undefined) {
    if (target !== undefined) throw usageError("--resume takes the run's own config: leave out the other.");
    const tooMuch = ["set", "out"].find((name) => values[name as keyof typeof values] !== undefined);
    if (tooMuch) throw usageError(`--resume goes on with what the run began with: leave out --${tooMuch}.`);
  } else if (values.retry) throw usageError("--retry is for a sweep that is resumed: add --resume DIR.");
  else if (values.backend !== undefined)
    throw usageError("--backend is for a run that is resumed: use --set backend=NAME, or add --resume RUN.");
  else if (values.revive)
    throw usageError(
      "--revive is for a run that is resumed: use --set training.revive.everyEpochs=N, or add --resume RUN.",
    );
  else if (target === undefined && !withoutTarget.includes(command))
    throw usageError(`${command} needs ${targets[command as keyof typeof targets]}.`);
  const other = command === "inspect" ? rest[0] : undefined;
  const [layer, unit] = command === "unit" ? rest : [];
  if (command === "unit" && unit === undefined) throw usageError(`unit needs ${targets.unit}.`);
  const taken: Partial<Record<typeof command, number>> = { inspect: 2, unit: 3, "check-tensorflow": 0 };
  const more = positionals.slice(1 + (taken[command] ?? 1));
  if (more.length > 0) throw usageError(`${JSON.stringify(more[0])} is one argument too many.`);
  const named = values.tensorflow ?? process.env.RECTISCOPE_TENSORFLOW;
  const tensorflow = named === undefined ? undefined : path.resolve(named);
  if (command === "ls") return (await import("./ls.js")).lsCommand(target ?? ".", values.json ?? false);
  if (command === "check-tensorflow")
    return (await import("./checkTensorflow.js")).checkTensorflowCommand(tensorflow, __dirname, values.json ?? false);
  if (command === "sweep")
    return (await import("./sweep.js")).sweepCommand({
      task:
        values.resume === undefined
          ? { config: target ?? "", out: values.out ?? null }
          : { resume: values.resume, retry: values.retry ?? false },
      jobs: values.jobs ?? null,
      dataFolders: [...(values.data ?? []), userDataFolder()],
      tensorflowFolder: tensorflow,
      json: values.json ?? false,
      assets: __dirname,
      version,
      program: programName(),
    });
  if (command === "inspect")
    return (await import("./inspect.js")).inspectCommand(target ?? "", values.json ?? false, other);
  if (command === "claims")
    return (await import("./claims.js")).claimsCommand({
      folder: target ?? "",
      dataFolders: [...(values.data ?? []), userDataFolder()],
      json: values.json ?? false,
      again: values.again ?? false,
      assets: __dirname,
      version,
    });
  if (command === "deaths") return (await import("./deaths.js")).deathsCommand(target ?? "", values.json ?? false);
  if (command === "unit")
    return (await import("./unit.js")).unitCommand({
      folder: target ?? "",
      layer: placeOf("layer", layer ?? "", 1),
      unit: placeOf("unit", unit ?? "", 0),
      dataFolders: [...(values.data ?? []), userDataFolder()],
      json: values.json ?? false,
      assets: __dirname,
    });
  if (command === "probe")
    return (await import("./probe.js")).probeCommand({
      model: target ?? "",
      data: onlyOne("data", values.data),
      set: onlyOne("set", values.set) ?? "validation",
      n: values.n,
      dataFolders: [userDataFolder()],
      json: values.json ?? false,
      assets: __dirname,
    });
  if (command === "download")
    return (await import("./download.js")).downloadCommand({
      name: target ?? "",
      to: values.to ?? userDataFolder(),
      own: values.to === undefined,
      yes: values.yes ?? false,
      json: values.json ?? false,
    });
  return (await import("./train.js")).trainCommand({
    task:
      values.resume === undefined
        ? { config: target ?? "", settings: values.set ?? [], out: values.out ?? null }
        : { resume: values.resume, backend: backendOf(values.backend), revive: values.revive ?? false },
    dataFolders: [...(values.data ?? []), userDataFolder()],
    tensorflowFolder: tensorflow,
    json: values.json ?? false,
    assets: __dirname,
    version,
    program: programName(),
  });
}

function parseCommandLine(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        set: { type: "string", multiple: true },
        out: { type: "string" },
        resume: { type: "string" },
        revive: { type: "boolean" },
        data: { type: "string", multiple: true },
        tensorflow: { type: "string" },
        backend: { type: "string" },
        jobs: { type: "string" },
        n: { type: "string" },
        retry: { type: "boolean" },
        to: { type: "string" },
        yes: { type: "boolean", short: "y" },
        again: { type: "boolean" },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
        version: { type: "boolean" },
      },
    });
  } catch (error) {
    throw usageError((error as Error).message);
  }
}

/** A layer or a unit. */
function placeOf(what: string, text: string, least: number): number {
  const place = /^\d{1,9}$/.test(text) ? Number(text) : -1;
  if (place < least)
    throw new InputError("usage", `The ${what} is ${JSON.stringify(text)}; it has to be a number from ${least} on.`, {
      key: what,
      value: text,
    });
  return place;
}

/** Of an option that other commands take several times. */
function onlyOne(name: string, given: readonly string[] | undefined): string | undefined {
  if (given && given.length > 1) throw usageError(`--${name} is given ${given.length} times; probe takes it once.`);
  return given?.[0];
}

function backendOf(name: string | undefined): BackendName | undefined {
  const known = backends.find((backend) => backend === name);
  if (name !== undefined && !known)
    throw new InputError("usage", `--backend is ${JSON.stringify(name)}; it has to be one of ${backends.join(", ")}.`, {
      key: "--backend",
      value: name,
    });
  return known;
}

function isCommand(name: string): name is keyof typeof optionsOf {
  return Object.hasOwn(optionsOf, name);
}

function usageError(what: string): InputError {
  return new InputError("usage", `${what} 'rectiscope --help' lists what there is.`);
}

/** This file lies in dist/, beside package.json's folder. */
async function packageVersion(): Promise<string> {
  const text = await readFile(path.join(__dirname, "../package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

/** As it was called: the command's name, or node with this file's path. */
function programName(): string {
  const called = process.argv[1] ?? "rectiscope";
  return path.extname(called) === ".js" ? `node ${path.relative("", called)}` : path.basename(called);
}

/** Ends the process once what was written has left it. */
function exit(code: number): void {
  process.stdout.write("", () => process.stderr.write("", () => process.exit(code)));
}

// Who reads our output may go away (`| head`): that ends us quietly.
// …but what is said on the way may be lost without harm to the run.
process.stderr.on("error", () => {});
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

const argv = process.argv.slice(2);
main(argv).then(exit, (error: unknown) => {
  const failure = failureOf(error);
  process.stderr.write(`${failure.error.message}\n`);
  if (failure.error.code === "unexpected" && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  if (argv.includes("--json")) process.stdout.write(`${JSON.stringify(failure)}\n`);
  exit(exitCodeOf(error));
});
