/** From planned trials to ones that can be trained: their config with every default, their key, their work and memory. */
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { type Experiment, experimentSchema } from "../../common/experiment.js";
import type { StagePlan, Sweep } from "../../common/sweep.js";
import type { Params } from "../../common/sweepRecord.js";
import { type InputTraits, inputTraits } from "../data/inputTraits.js";
import { loadDataset, type Places } from "../data/registry.js";
import { resolvedFor } from "../runs/resolvedConfig.js";
import { checkpointHash } from "../runs/warmStart.js";
import { canonical } from "./canonical.js";
import { configOfTrial, lineageOf } from "./expand.js";
import { type EngineVersion, trialKey } from "./identity.js";
import { type DataSize, memoryOf, workOf } from "./work.js";

export interface TrialPlan {
  experiment: Experiment;
  key: string;
  work: number;
  memory: number;
}

interface KnownData extends DataSize {
  sha256: string;
  traits: InputTraits;
}

export class TrialPlans {
  private readonly data = new Map<string, Promise<KnownData>>();
  private readonly engine: EngineVersion;

  constructor(
    private readonly sweep: Sweep,
    private readonly base: Experiment,
    private readonly stages: readonly StagePlan[],
    private readonly places: Places,
    version: string,
  ) {
    const kernels = fs.readFileSync(path.join(places.assets, "kernels.wasm"));
    this.engine = { rectiscope: version, kernels: createHash("sha256").update(kernels).digest("hex").slice(0, 12) };
  }

  /**
   * @param parentRun folder of the run whose network it starts with
   * @throws DataError
   */
  async plan(stage: string, params: Params, name: string, parentRun: string | null): Promise<TrialPlan> {
    const config = configOfTrial(this.base, this.sweep.set, lineageOf(this.stages, stage), params);
    const experiment: Experiment = { ...experimentSchema.parse(config), name };
    if (parentRun !== null) {
      const run = path.relative(this.places.configFolder, parentRun);
      const start = this.stages.find(({ name }) => name === stage)?.from?.start;
      const checkpoint = start === "pretrained" ? "pretrained" : "best";
      experiment.warmStart = { run, checkpoint, sha256: checkpointHash(parentRun, checkpoint) };
    }
    const data = await this.dataOf(experiment.dataset);
    return {
      experiment,
      key: trialKey(resolvedFor(experiment, data, this.places.configFolder), data.sha256, this.engine),
      work: workOf(experiment, data),
      memory: memoryOf(experiment, data),
    };
  }

  /** Read once for each way of reading it, and not kept. */
  private dataOf(config: Experiment["dataset"]): Promise<KnownData> {
    const key = canonical(config);
    const known = this.data.get(key) ?? this.read(config);
    this.data.set(key, known);
    return known;
  }

  private async read(config: Experiment["dataset"]): Promise<KnownData> {
    const { sha256, dimension, classes, train, valid, test } = await loadDataset(config, this.places);
    const traits = inputTraits(train.inputs);
    return { sha256, traits, dimension, classes, train: train.n, valid: valid.n, test: test.n };
  }
}
