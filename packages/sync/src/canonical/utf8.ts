/** Members that every browser and Node have and no ECMAScript lib names. */
type TextGlobals = {
  TextEncoder: new () => { encode(text: string): Uint8Array<ArrayBuffer> }
  TextDecoder: new (
    label: string,
    options: { fatal: boolean; ignoreBOM: boolean },
  ) => { decode(bytes: Uint8Array): string }
}
// as: this package compiles without DOM and Node types, so that no core can reach the network.
const { TextEncoder, TextDecoder } = globalThis as unknown as TextGlobals

const encoder = new TextEncoder()
// ignoreBOM keeps a byte-order mark in the text, where JSON refuses it: bytes and text stay one to one.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** UTF-8 bytes of a text; lone surrogates would become U+FFFD, so check `isWellFormed` before. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text)
}

/** Text of UTF-8 bytes; throws TypeError where they are none. */
export function fromUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes)
}

/** Cuts a text to at most `maxBytes` of UTF-8 at a character's end: product names as printed. */
export function fitUtf8(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes) return text
  let bytes = 0
  let fitting = ''
  for (const character of text) {
    bytes += utf8LengthOf(character.codePointAt(0) ?? 0)
    if (bytes > maxBytes) return fitting
    fitting += character
  }
  return text
}

function utf8LengthOf(codePoint: number): number {
  if (codePoint < 0x80) return 1
  if (codePoint < 0x800) return 2
  return codePoint < 0x10000 ? 3 : 4
}
