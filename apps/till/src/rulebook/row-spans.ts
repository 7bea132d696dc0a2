const QUOTE = 34
const BACKSLASH = 92
const OPEN_BRACE = 123
const CLOSE_BRACE = 125

/**
 * Where each row begins in a chunk's bytes, a JSON array of objects without blanks. A row ends one byte
 * (its comma or the closing bracket) before the next begins.
 */
export function rowStarts(bytes: Uint8Array): number[] {
  const starts: number[] = []
  let depth = 0
  let inText = false
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (inText) {
      if (byte === BACKSLASH) at++
      else if (byte === QUOTE) inText = false
    } else if (byte === QUOTE) inText = true
    else if (byte === OPEN_BRACE) {
      if (depth === 0) starts.push(at)
      depth++
    } else if (byte === CLOSE_BRACE) depth--
  }
  return starts
}
