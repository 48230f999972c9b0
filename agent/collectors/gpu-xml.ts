/** One element of a document. Text is what stands in it directly, blanks around it cut. */
export interface XmlNode {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  readonly children: readonly XmlNode[];
}

/**
 * Reads the XML that nvidia-smi writes: elements, attributes, text. Declarations, comments and the
 * document type are passed over, no entity is defined and none but the five of XML is known. A text
 * that is cut short gives what there is of it. null: there is no element. Linear in the text; depth
 * and number of elements are limited, what lies beyond is left out.
 */
export function parseXml(text: string): XmlNode | null {
  const root: OpenNode = { name: "", attributes: {}, text: "", children: [] };
  const open: OpenNode[] = [root];
  let tooDeep = 0;
  let count = 0;
  let at = 0;
  while (at < text.length) {
    const begin = text.indexOf("<", at);
    const top = open.at(-1) ?? root;
    if (tooDeep === 0 && top.text.length < textLengthMax)
      top.text += text.slice(at, begin < 0 ? text.length : Math.min(begin, at + textLengthMax));
    if (begin < 0) break;
    const mark = text.startsWith("<!--", begin) ? "-->" : ">";
    const end = text.indexOf(mark, begin + 1);
    if (end < 0) break;
    at = end + mark.length;
    const tag = text.slice(begin + 1, Math.min(end, begin + tagLengthMax));
    if (tag.startsWith("?") || tag.startsWith("!")) continue;
    if (tag.startsWith("/")) {
      if (tooDeep > 0) tooDeep -= 1;
      else closeNode(open, tag.slice(1).trim());
      continue;
    }
    const isEmpty = tag.endsWith("/");
    if (tooDeep > 0 || open.length > depthMax || count >= nodesMax) {
      if (!isEmpty) tooDeep += 1;
      continue;
    }
    const node = openNode(tag);
    if (node === null) continue;
    count += 1;
    top.children.push(node);
    if (!isEmpty) open.push(node);
  }
  for (const node of open) node.text = decode(node.text);
  return root.children[0] ?? null;
}

/** The first element of that name right below; undefined: there is none. */
export function childOf(node: XmlNode | undefined, name: string): XmlNode | undefined {
  return node?.children.find((child) => child.name === name);
}

/** The text at `a/b/c` below a node; undefined where a step is missing. */
export function textAt(node: XmlNode | undefined, path: string): string | undefined {
  let found = node;
  for (const name of path.split("/")) found = childOf(found, name);
  return found?.text;
}

interface OpenNode {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
  readonly children: OpenNode[];
}

function openNode(tag: string): OpenNode | null {
  const name = /^[A-Za-z_][\w.:-]{0,127}/.exec(tag)?.[0];
  if (name === undefined) return null;
  const pairs = [...tag.slice(name.length).matchAll(/([A-Za-z_][\w.:-]{0,63})="([^"]{0,256})"/g)];
  const attributes = Object.fromEntries(
    pairs.slice(0, 16).map(([, key = "", value = ""]) => [key, decode(value)]),
  );
  return { name, attributes, text: "", children: [] };
}

/** Ends the innermost element of that name, and those left open in it; none of it: nothing. */
function closeNode(open: OpenNode[], name: string): void {
  const place = open.findLastIndex((node) => node.name === name);
  if (place < 1) return;
  for (const node of open.splice(place)) node.text = decode(node.text);
}

function decode(text: string): string {
  const trimmed = text.trim();
  if (!trimmed.includes("&")) return trimmed;
  return trimmed.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => entities[name] ?? "");
}

const entities: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

const depthMax = 16;
const nodesMax = 100_000;
const tagLengthMax = 1_024;
const textLengthMax = 4_096;
