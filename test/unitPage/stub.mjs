// Runs in the page, in place of VS Code, and sends it invented data.
import { actAsVsCode } from "../pages/actAsVsCode.mjs";
import { states } from "./states.ts";

actAsVsCode(states);
