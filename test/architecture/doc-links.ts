import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Each relative link of a Markdown file whose file or heading is not there, as a sentence. */
export function findDeadLinks(root: string, path: string): readonly string[] {
  const found: string[] = [];
  for (const target of readLinks(readFileSync(join(root, path), "utf8"))) {
    if (/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(target)) {
      continue;
    }
    const [file = "", heading] = decodeURI(target).split("#");
    const aimed = file === "" ? join(root, path) : join(root, dirname(path), file);
    if (file.startsWith("/")) {
      found.push(`${path} links to ${target}, which only one machine has`);
    } else if (!existsSync(aimed)) {
      found.push(`${path} links to ${target}, which is not there`);
    } else if (heading !== undefined && aimed.endsWith(".md")) {
      if (!readHeadings(readFileSync(aimed, "utf8")).includes(heading)) {
        found.push(`${path} links to ${target}, but ${file || path} has no such heading`);
      }
    }
  }
  return found;
}

/** The targets of [text](target), ![alt](target) and [name]: target, outside of code. */
function readLinks(markdown: string): readonly string[] {
  const prose = withoutCode(markdown);
  return [
    ...[...prose.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)].map((match) => match[1]),
    ...[...prose.matchAll(/^\s{0,3}\[[^\]]+\]:\s+<?(\S+?)>?\s*$/gm)].map((match) => match[1]),
  ].filter((target) => target !== undefined);
}

/** GitHub's names for headings: lower case, spaces to hyphens, punctuation gone, repeats numbered. */
function readHeadings(markdown: string): readonly string[] {
  const seen = new Map<string, number>();
  return [...withoutCode(markdown, "blocks").matchAll(/^#{1,6}\s+(.+?)\s*#*\s*$/gm)].map(
    (match) => {
      const name = (match[1] ?? "")
        .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, "")
        .replace(/\s/g, "-");
      const times = seen.get(name) ?? 0;
      seen.set(name, times + 1);
      return times === 0 ? name : `${name}-${times}`;
    },
  );
}

function withoutCode(markdown: string, which: "all" | "blocks" = "all"): string {
  const text = markdown.replace(/^( {0,3})(```+|~~~+)[\s\S]*?^\1\2\s*$/gm, "");
  return which === "blocks" ? text : text.replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, "");
}
