/**
 * Twilio's Smart Encoding: characters outside GSM-7 that a Messaging Service replaces by look-alikes of GSM-7 before it
 * sends, where its `SmartEncoding` is on (https://www.twilio.com/docs/messaging/services#smart-encoding; the table is that of
 * Twilio's own segment calculator, 1.3.0). It is applied to every such character, whether or not the rest is GSM-7.
 */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  '"': '«»“”ʺˮ‟„❝❞〝〞',
  "'": '\u2018\u2019ʻˈʼʽʹ\u201b´ˊ`ˋ❛❜\u0313\u0314︐︑',
  '/': '÷⧸\u0337\u0338⁄∕',
  '1/4': '¼',
  '1/2': '½',
  '3/4': '¾',
  '\\': '⧹⧵\u20e5﹨',
  _: '\u0332‗',
  '|': '\u20d2\u20d3∣⎸⎹⏐⎜⎟',
  '-': '⎼⎽―﹣‐⁃—–•',
  '@': '﹫',
  $: '﹩',
  '!': 'ǃ︕﹗',
  '!!': '‼',
  '#': '﹟',
  '%': '﹪',
  '&': '﹠',
  ',': '‚\u0326﹐﹑､、',
  '(': '❨❪﹙⟮⦅',
  ')': '❩❫﹚⟯⦆',
  '*': '⁎∗⊛✢✣✤✥✱✲✳✺✻✼✽❃❉❊❋⧆﹡',
  '+': '˖﹢',
  '.': '。﹒｡',
  '...': '…',
  ':': 'ː˸⦂꞉︓',
  ';': '⁏︔﹔',
  '<': '﹤‹',
  '=': '\u0347꞊﹦',
  '>': '﹥›',
  '?': '︖﹖',
  '^': 'ˆ\u0302\u1dcd',
  '{': '❴﹛',
  '}': '❵﹜',
  '~': '˜˷\u0303\u0330\u0334∼',
  ' ': '\u2001\u2028\u2029',
  '  ': '\u00a0\u2000\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\u0080\u008d\u0090\u009b\u009f',
  '       ': '\t',
  '': '\u0000\u0003\u0004\u0010\u0011\u0012\u0013\u0014\u0017\u0019\u200b\u200c\u2060\ufeff',
};

/** Each followed by what it becomes. */
const SMALL_CAPITALS = 'ᴀAʙBᴄCᴅDᴇEꜰFɢGʜHɪIᴊJᴋKʟLᴍMɴNᴏOᴘPʀRꜱSᴛTᴜUᴠVᴡWʏYᴢZ';

/** Full-width forms stand in the order of ASCII; Twilio replaces those of `!` to `_` and of `{` to `~`. */
const FULL_WIDTH = { distance: 0xfee0, ranges: [[0x21, 0x5f] as const, [0x7b, 0x7e] as const] };

function* replacements(): Generator<readonly [from: string, to: string]> {
  for (const [to, characters] of Object.entries(LOOK_ALIKES)) for (const from of characters) yield [from, to];
  for (const [from = '', to = ''] of SMALL_CAPITALS.match(/../gu) ?? []) yield [from, to];
  for (const [first, last] of FULL_WIDTH.ranges)
    for (let code = first; code <= last; code += 1)
      yield [String.fromCharCode(code + FULL_WIDTH.distance), String.fromCharCode(code)];
}

const REPLACEMENTS: ReadonlyMap<string, string> = new Map(replacements());

/** The text as a Messaging Service with Smart Encoding sends it. */
export const smartEncode = (text: string): string =>
  [...text].map((character) => REPLACEMENTS.get(character) ?? character).join('');
