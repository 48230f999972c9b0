/** Preloaded (`node --import`): files of the product read otherwise in this process. */
import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";

interface PlantedText {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

const texts = JSON.parse(process.env["WWS_PLANTED_TEXT"] ?? "[]") as readonly PlantedText[];

if (texts.length > 0) {
  const unplanted = new Set(texts);
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      const here = texts.filter(({ file }) => pathToFileURL(file).href === url);
      if (here.length === 0) return loaded;
      let source = loaded.source?.toString() ?? "";
      for (const text of here) {
        const [before, after, ...more] = source.split(text.find);
        if (before === undefined || after === undefined || more.length > 0)
          throw new Error(`the text to replace does not stand in ${text.file} exactly once`);
        source = `${before}${text.replace}${after}`;
        unplanted.delete(text);
      }
      return { ...loaded, source };
    },
  });
  process.on("exit", (code) => {
    if (unplanted.size === 0 || code !== 0) return;
    const files = [...unplanted].map(({ file }) => file).join(", ");
    process.stderr.write(`${files} was never loaded: nothing was planted\n`);
    process.exitCode = 4;
  });
}
