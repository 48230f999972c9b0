/** Preloaded (`node --import`): one file of the product reads otherwise in this process. */
import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";

interface PlantedText {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

const text = JSON.parse(process.env["WWS_PLANTED_TEXT"] ?? "null") as PlantedText | null;

if (text !== null) {
  const { file, find, replace } = text;
  const target = pathToFileURL(file).href;
  let isPlanted = false;
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (url !== target) return loaded;
      const source = loaded.source?.toString() ?? "";
      const [before, after, ...more] = source.split(find);
      if (before === undefined || after === undefined || more.length > 0)
        throw new Error(`the text to replace does not stand in ${file} exactly once`);
      isPlanted = true;
      return { ...loaded, source: `${before}${replace}${after}` };
    },
  });
  process.on("exit", (code) => {
    if (isPlanted || code !== 0) return;
    process.stderr.write(`${file} was never loaded: nothing was planted\n`);
    process.exitCode = 4;
  });
}
