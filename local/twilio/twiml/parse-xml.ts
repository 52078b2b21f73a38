/** An element with its attributes, child elements and own text. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

export type XmlResult =
  | { readonly kind: 'parsed'; readonly root: XmlElement }
  | { readonly kind: 'malformed'; readonly detail: string };

const token =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<!DOCTYPE[^>]*>|<\/([^\s<>/]+)\s*>|<([^\s<>/!?]+)((?:\s+[^\s=<>/]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y;

/**
 * Just enough XML for TwiML: elements, attributes, text, CDATA, comments and the five named and all numeric
 * entities. Entities that a document declares itself are not expanded, so nothing can be smuggled in by them.
 */
export function parseXml(source: string): XmlResult {
  const text = source.replace(/^\uFEFF/, '').trim();
  const top: XmlElement = { name: '', attributes: {}, children: [], text: '' };
  const open: XmlElement[] = [top];
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const match = token.exec(text);
    const problem = match ? take(match, open) : `unexpected markup at character ${at}`;
    if (problem !== undefined) return { kind: 'malformed', detail: problem };
  }
  const [root, ...others] = top.children;
  if (open.length > 1) return { kind: 'malformed', detail: `<${open.at(-1)?.name}> is not closed` };
  if (!root) return { kind: 'malformed', detail: 'there is no element' };
  if (others.length > 0 || top.text.trim() !== '') {
    return { kind: 'malformed', detail: 'there is content outside the root element' };
  }
  return { kind: 'parsed', root };
}

/** Applies one token to the stack of open elements; returns what is wrong with it. */
function take(match: RegExpExecArray, open: XmlElement[]): string | undefined {
  const [whole, cdata, closed, opened, attributes = '', selfClosing, text] = match;
  const parent = open.at(-1);
  if (!parent) return 'the root element was closed twice';
  if (cdata !== undefined) {
    parent.text += cdata;
    return undefined;
  }
  if (closed !== undefined) {
    if (open.length < 2 || parent.name !== closed) return `</${closed}> closes <${parent.name}>`;
    open.pop();
    return undefined;
  }
  if (opened !== undefined) return openElement({ opened, attributes, selfClosing }, parent, open);
  if (text !== undefined) {
    const decoded = decodeEntities(text);
    if (decoded === undefined) return `unknown entity in "${text.trim().slice(0, 40)}"`;
    parent.text += decoded;
    return undefined;
  }
  return whole.startsWith('<') ? undefined : 'unexpected text';
}

function openElement(
  tag: { opened: string; attributes: string; selfClosing: string | undefined },
  parent: XmlElement,
  open: XmlElement[],
): string | undefined {
  const attributes: Record<string, string> = {};
  for (const [, name = '', double, single] of tag.attributes.matchAll(
    /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g,
  )) {
    const value = decodeEntities(double ?? single ?? '');
    if (value === undefined) return `unknown entity in attribute ${name}`;
    if (Object.hasOwn(attributes, name)) return `attribute ${name} is repeated`;
    attributes[name] = value;
  }
  const element: XmlElement = { name: tag.opened, attributes, children: [], text: '' };
  parent.children.push(element);
  if (tag.selfClosing !== '/') open.push(element);
  return undefined;
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decodeEntities(text: string): string | undefined {
  let known = true;
  const decoded = text.replace(/&([^;\s&]*;?)/g, (_, reference: string) => {
    const value = decodeEntity(reference);
    if (value === undefined) known = false;
    return value ?? '';
  });
  return known ? decoded : undefined;
}

function decodeEntity(reference: string): string | undefined {
  if (!reference.endsWith(';')) return undefined;
  const name = reference.slice(0, -1);
  const hex = /^#x([0-9a-fA-F]{1,6})$/.exec(name)?.[1];
  const decimal = /^#(\d{1,7})$/.exec(name)?.[1];
  const code = hex ? Number.parseInt(hex, 16) : decimal ? Number(decimal) : undefined;
  if (code === undefined) return named[name];
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
