const gsmBasic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const gsmExtended = '\f^{}\\[~]|€';

/**
 * How many SMS a text takes: 160 septets alone or 153 each in GSM-7, 70 or 67 UTF-16 units in UCS-2
 * (3GPP TS 23.038 and 23.040).
 */
export function countSegments(text: string): number {
  const septets = gsmSeptets(text);
  if (septets === undefined) return pieces(text.length, 70, 67);
  return pieces(septets, 160, 153);
}

function gsmSeptets(text: string): number | undefined {
  let septets = 0;
  for (const character of text) {
    if (gsmBasic.includes(character)) septets += 1;
    else if (gsmExtended.includes(character)) septets += 2;
    else return undefined;
  }
  return septets;
}

const pieces = (length: number, alone: number, joined: number) =>
  length <= alone ? 1 : Math.ceil(length / joined);
