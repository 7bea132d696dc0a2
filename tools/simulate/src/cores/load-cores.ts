import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Cores, SimulationOptions, SimulationResult, simulate } from '../world/simulate.ts'
import { forget, remembered } from './remembered.ts'

/** A change of a source file before it is loaded. `find` must stand in it exactly once. */
export type Patch = { file: string; find: string; put: string }

export type Simulation = (seed: number, options?: SimulationOptions) => Promise<SimulationResult>

const root = new URL('../../../../', import.meta.url).href
const memory = new URL('./remembered.ts', import.meta.url).href
/** Below this many bytes remembering costs more than it saves, except for hashes as text. */
const worthBytes = 200
const hashBytes = 32

/** Bytes that were read or written once are not read or written again. */
const remembering: Patch[] = [
  {
    file: 'packages/sync/src/entry/decode.ts',
    find: 'export function decodeEntry(bytes: Uint8Array): Decoded {',
    put: `import { remembered } from '${memory}'
const table = import.meta.url.endsWith('?older') ? 'decodedOfOlder' : 'decodedOf'
export function decodeEntry(bytes: Uint8Array): Decoded {
  if (!remembered.isOn) return decodeAnew(bytes)
  const known = remembered[table].get(bytes)
  if (known !== undefined) return known as Decoded
  const decoded = decodeAnew(bytes)
  remembered[table].set(bytes, decoded)
  return decoded
}
function decodeAnew(bytes: Uint8Array): Decoded {`,
  },
  {
    file: 'packages/sync/src/till/twin-record.ts',
    find: 'export function readSegment(bytes: Uint8Array): Segment {',
    put: `import { remembered } from '${memory}'
export function readSegment(bytes: Uint8Array): Segment {
  if (!remembered.isOn) return readSegmentAnew(bytes)
  const known = remembered.segmentOf.get(bytes)
  if (known !== undefined) return known as Segment
  const segment = readSegmentAnew(bytes)
  remembered.segmentOf.set(bytes, segment)
  return segment
}
function readSegmentAnew(bytes: Uint8Array): Segment {`,
  },
  {
    file: 'packages/sync/src/entry/certificate.ts',
    find: 'export function readCertificate(text: string): { certificate: Certificate; bytes: Uint8Array } | undefined {',
    put: `import { remembered } from '${memory}'
export function readCertificate(text: string): { certificate: Certificate; bytes: Uint8Array } | undefined {
  const known = remembered.isOn ? remembered.certificateOf.get(text) : undefined
  if (known !== undefined) return known as { certificate: Certificate; bytes: Uint8Array }
  const read = readCertificateAnew(text)
  if (read !== undefined) remembered.certificateOf.set(text, read)
  return read
}
function readCertificateAnew(text: string): { certificate: Certificate; bytes: Uint8Array } | undefined {`,
  },
  {
    file: 'packages/sync/src/testing/memory-ports.ts',
    find: "export const nodeSha256: Sha256Sync = (bytes) => hash('sha256', bytes, 'buffer')",
    put: `import { remembered } from '${memory}'
const hashAnew: Sha256Sync = (bytes) => hash('sha256', bytes, 'buffer')
export const nodeSha256: Sha256Sync = (bytes) => {
  if (!remembered.isOn || bytes.length < ${worthBytes}) return hashAnew(bytes)
  const known = remembered.hashOf.get(bytes)
  if (known !== undefined) return known
  const found = hashAnew(bytes)
  remembered.hashOf.set(bytes, found)
  return found
}`,
  },
  {
    file: 'packages/sync/src/canonical/base64url.ts',
    find: 'export function toBase64Url(bytes: Uint8Array): string {',
    put: `import { remembered } from '${memory}'
export function toBase64Url(bytes: Uint8Array): string {
  const isWorth = bytes.length >= ${worthBytes} || bytes.length === ${hashBytes}
  if (!remembered.isOn || !isWorth) return toTextAnew(bytes)
  const known = remembered.textOf.get(bytes)
  if (known !== undefined) return known
  const text = toTextAnew(bytes)
  remembered.textOf.set(bytes, text)
  if (bytes.length !== ${hashBytes} && !remembered.bytesOf.has(text)) remembered.bytesOf.set(text, bytes as Uint8Array<ArrayBuffer>)
  return text
}
function toTextAnew(bytes: Uint8Array): string {`,
  },
  {
    file: 'packages/sync/src/canonical/base64url.ts',
    find: 'export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {',
    put: `export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  if (!remembered.isOn || text.length < ${worthBytes}) return fromTextAnew(text)
  const known = remembered.bytesOf.get(text)
  if (known !== undefined) return known
  const bytes = fromTextAnew(text)
  remembered.bytesOf.set(text, bytes)
  return bytes
}
function fromTextAnew(text: string): Uint8Array<ArrayBuffer> {`,
  },
  {
    file: 'packages/sync/src/server/prepare-push.ts',
    find: 'export function prepareEntry(bytes: Uint8Array, sha256: Sha256Sync): PreparedEntry {',
    put: `import { remembered } from '${memory}'
export function prepareEntry(bytes: Uint8Array, sha256: Sha256Sync): PreparedEntry {
  if (!remembered.isOn) return prepareAnew(bytes, sha256)
  const known = remembered.preparedOf.get(bytes)
  if (known !== undefined) return known as PreparedEntry
  const prepared = prepareAnew(bytes, sha256)
  remembered.preparedOf.set(bytes, prepared)
  return prepared
}
function prepareAnew(bytes: Uint8Array, sha256: Sha256Sync): PreparedEntry {`,
  },
]

/** The release before this one: it does not know a type of entry. */
const older: Patch[] = [
  {
    file: 'packages/sync/src/entry/schema.ts',
    find: "  attendance: body({ action: Type.Union([Type.Literal('in'), Type.Literal('out')]) }),\n",
    put: '',
  },
]

/**
 * Loads the simulation over the real cores, once a thread: with what was worked out remembered, the till
 * a second time as the release before, and, where `defect` names changes, with a guard taken out.
 *
 * Throws where a text to change is not there any more: a defect that cannot be planted proves nothing.
 */
export async function loadSimulation(defect: readonly Patch[] = []): Promise<Simulation> {
  hookLoader([...remembering, ...defect], older)
  const world: { simulate: typeof simulate } = await import('../world/simulate.ts')
  const { openTillJournal } = await import('@nexus/sync')
  // Not a specifier that TypeScript looks up: the hook makes a second copy of the package under this name.
  const before: string = '@nexus/sync?older'
  const cores: Cores = {
    current: openTillJournal,
    older: async (ports, app) => (await import(before)).openTillJournal(ports, app),
  }
  return async (seed, options = {}) => {
    remembered.isOn = options.copies !== true
    forget()
    return await world.simulate(seed, cores, options)
  }
}

function hookLoader(patches: readonly Patch[], patchesOfOlder: readonly Patch[]): void {
  registerHooks({
    resolve(specifier, context, nextResolve) {
      if (specifier === '@nexus/sync?older') {
        const { url, ...rest } = nextResolve('@nexus/sync', context)
        return { ...rest, url: `${url}?older` }
      }
      const resolved = nextResolve(specifier, context)
      const isOlder =
        context.parentURL?.endsWith('?older') && resolved.url.startsWith(`${root}packages/sync/`)
      return isOlder ? { ...resolved, url: `${resolved.url}?older` } : resolved
    },
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context)
      if (!url.startsWith(root)) return loaded
      const [plain = url] = url.split('?')
      const file = fileURLToPath(plain).slice(fileURLToPath(root).length)
      const all = url.endsWith('?older') ? [...patches, ...patchesOfOlder] : patches
      const own = all.filter((patch) => patch.file === file)
      if (own.length === 0) return loaded
      return { ...loaded, source: own.reduce(patched, String(loaded.source)) }
    },
  })
}

/** Throws where the text to replace does not stand there exactly once. */
export function patched(source: string, { file, find, put }: Patch): string {
  const [before, after, ...more] = source.split(find)
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(
      `${file}: the text to change stands there ${more.length === 0 ? 'no more' : 'more than once'}: ${find}`,
    )
  }
  return before + put + after
}
