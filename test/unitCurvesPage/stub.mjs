// Runs in the page, in place of VS Code. The page asks nothing and is told nothing: it has one state, its own.
import { actAsVsCode } from "../pages/actAsVsCode.mjs";

actAsVsCode({ curves: () => [] });
