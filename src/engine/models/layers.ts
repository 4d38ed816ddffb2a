/** Layers, recognised from what a file says: from the graph where there is one, from names and shapes where there is none. */
import type { Layer } from "../../common/layers.js";
import { graphLayers } from "./graphLayers.js";
import type { ModelContents } from "./layer.js";
import { namedLayers } from "./namedLayers.js";

/** In the order in which they compute, as far as the file tells. */
export function layersOf(model: ModelContents): Layer[] {
  return model.nodes.length > 0 ? graphLayers(model) : namedLayers(model);
}
