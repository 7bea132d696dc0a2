import { createReadStream, createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** One file of an archive: where its bytes are, and the name it has inside. */
export type TarEntry = { name: string; bytes: number } & ({ path: string } | { content: Buffer })

const block = 512
/** Eleven octal digits. */
const bytesMax = 8 ** 11 - 1

/** The archive as POSIX ustar, file after file, so that any `tar` opens it. */
export async function* writeTar(entries: readonly TarEntry[]): AsyncGenerator<Buffer> {
  for (const entry of entries) {
    yield header(entry.name, entry.bytes)
    if ('content' in entry) yield entry.content
    else yield* createReadStream(entry.path, { highWaterMark: 1024 * 1024 })
    yield Buffer.alloc(padding(entry.bytes))
  }
  yield Buffer.alloc(2 * block)
}

function padding(bytes: number): number {
  return (block - (bytes % block)) % block
}

function header(name: string, bytes: number): Buffer {
  if (name.length > 100 || bytes > bytesMax) throw new Error(`${name} does not fit into an archive`)
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, '0')}\0`
  const buffer = Buffer.alloc(block)
  buffer.write(name, 0)
  buffer.write(octal(0o600, 7), 100) // mode
  buffer.write(octal(0, 7), 108) // owner
  buffer.write(octal(0, 7), 116) // group
  buffer.write(octal(bytes, 11), 124)
  buffer.write(octal(0, 11), 136) // changed at
  buffer.write('        ', 148) // the checksum counts itself as blanks
  buffer.write('0', 156) // a plain file
  buffer.write('ustar\x0000', 257)
  buffer.write(`${octal(checksumOf(buffer), 6)} `, 148)
  return buffer
}

function checksumOf(buffer: Buffer): number {
  return buffer.reduce((sum, byte) => sum + byte, 0)
}

/** The archive is cut short or was changed. */
class TarBroken extends Error {}

/**
 * Reads an archive of `writeTar`, handing each file to `receive` in order; it must take all bytes.
 * Throws `TarBroken` when the archive ends early or a header is damaged.
 */
export async function readTar(
  source: AsyncIterable<Buffer>,
  receive: (name: string, bytes: number, content: Readable) => Promise<void>,
): Promise<void> {
  const chunks = source[Symbol.asyncIterator]()
  let rest = Buffer.alloc(0)
  async function* take(bytes: number): AsyncGenerator<Buffer> {
    for (let left = bytes; left > 0; ) {
      if (rest.length === 0) {
        const next = await chunks.next()
        if (next.done) throw new TarBroken('the archive ends early')
        rest = Buffer.from(next.value)
      }
      const part = rest.subarray(0, left)
      rest = rest.subarray(part.length)
      left -= part.length
      yield part
    }
  }
  const takeAll = async (bytes: number) => Buffer.concat(await Array.fromAsync(take(bytes)))
  for (;;) {
    const head = await takeAll(block)
    if (head.every((byte) => byte === 0)) return
    const said = Number.parseInt(head.toString('latin1', 148, 154), 8)
    head.fill(' ', 148, 156)
    if (said !== checksumOf(head)) throw new TarBroken('a header of the archive is damaged')
    const name = head.toString('latin1', 0, 100).replace(/\0.*$/s, '')
    const bytes = Number.parseInt(head.toString('latin1', 124, 135), 8)
    await receive(name, bytes, Readable.from(take(bytes)))
    await takeAll(padding(bytes))
  }
}

/** Stores a stream as a file. */
export async function storeFile(content: Readable, path: string): Promise<void> {
  await pipeline(content, createWriteStream(path, { mode: 0o600, flush: true }))
}
