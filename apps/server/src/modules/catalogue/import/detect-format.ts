import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'

/** How the bytes of a file become rows. */
export type FileFormat = {
  encoding: 'utf-8' | 'windows-1252' | 'utf-16le' | 'utf-16be'
  delimiter: ',' | ';' | '\t' | '|'
  /** Lines before the header that are not data: Excel's `sep=;`. */
  skipLines: 0 | 1
}

/** Bytes that are looked at for delimiter and header. */
const headBytes = 64 * 1024

/**
 * Finds out encoding and delimiter: by byte-order mark, else UTF-8 where the whole file is valid UTF-8
 * and Windows-1252 where not; the delimiter that the first line has most of, outside quotes.
 */
export async function detectFormat(path: string): Promise<FileFormat> {
  const head = await readHead(path)
  const encoding = encodingOfMark(head) ?? ((await isUtf8(path)) ? 'utf-8' : 'windows-1252')
  // A character cut in two at the end of the head does not reach the first line.
  const text = new TextDecoder(encoding).decode(head)
  const said = /^sep=([,;\t|])\r?\n/i.exec(text)?.[1]
  if (said !== undefined) return { encoding, delimiter: said as FileFormat['delimiter'], skipLines: 1 }
  return { encoding, delimiter: delimiterOf(text), skipLines: 0 }
}

async function readHead(path: string): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

function encodingOfMark(head: Uint8Array): FileFormat['encoding'] | undefined {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8'
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  return undefined
}

async function isUtf8(path: string): Promise<boolean> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    for await (const bytes of createReadStream(path)) decoder.decode(bytes, { stream: true })
    decoder.decode()
    return true
  } catch {
    // The decoder's only complaint is a byte that UTF-8 does not have.
    return false
  }
}

function delimiterOf(text: string): FileFormat['delimiter'] {
  const firstLine = text.split(/\r?\n/).find((line) => line.trim() !== '') ?? ''
  const bare = firstLine.replace(/"(?:[^"]|"")*"/g, '')
  const counted = ([',', ';', '\t', '|'] as const).map((delimiter) => ({
    delimiter,
    count: bare.split(delimiter).length,
  }))
  // The comma wins a tie, and a file of one column.
  return counted.reduce((best, next) => (next.count > best.count ? next : best)).delimiter
}
