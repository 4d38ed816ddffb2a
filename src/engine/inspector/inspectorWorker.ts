/** Worker entry: reads what the inspector shows, away from the extension host. Bundled as inspector.js. */
import { parentPort, workerData } from "node:worker_threads";
import type { InspectorInput, ToInspector } from "../../common/inspectorMessages.js";
import { Inspection } from "./inspection.js";

const { files } = workerData as InspectorInput;
const inspection = new Inspection(files, (message) => parentPort?.postMessage(message));

parentPort?.on("message", ({ type }: ToInspector) => inspection[type]());
void inspection.run();
