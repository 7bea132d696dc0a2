import { call, Problem, tillRulebook, tillRulebookDelta, tillRulebookPart } from '@nexus/contract'
import type { FromRulebookWorker, HopAccess, ToRulebookWorker } from '../bridge.ts'
import { openRulebookCache } from '../cache-db.ts'
import type { Delta } from '../manifest.ts'
import { RulebookFault, type RulebookServer, refetchPart, syncRulebook } from '../sync-rulebook.ts'

declare const self: DedicatedWorkerGlobalScope

/** Long enough for a chunk over a poor line, short enough to end before the next sync. */
const TIMEOUT_MS = 30_000

const cache = openRulebookCache()
const tell = (message: FromRulebookWorker) => self.postMessage(message)

self.addEventListener('message', ({ data }: MessageEvent<ToRulebookWorker>) => {
  // One at a time over all windows: they share the database. The queue also keeps answers in order.
  void navigator.locks.request('nexus-rulebook-sync', async () => {
    try {
      tell({ kind: 'done', changed: await work(data) })
    } catch (cause) {
      tell({ kind: 'failed', code: codeOf(cause) })
    }
  })
})

async function work(asked: ToRulebookWorker): Promise<boolean> {
  const server = serverFor(asked.access)
  if (asked.kind === 'sync') {
    return syncRulebook(await cache, server, (progress) => tell({ kind: 'progress', progress }))
  }
  await refetchPart(await cache, server, asked.hash)
  return false
}

function serverFor({ baseUrl, token }: HopAccess): RulebookServer {
  const options = { baseUrl, headers: () => ({ authorization: `Bearer ${token}` }) }
  const signal = () => AbortSignal.timeout(TIMEOUT_MS)
  return {
    manifest: (holds) =>
      call(options, tillRulebook, { query: holds === undefined ? {} : { holds } }, signal()),
    part: async (hash) => bytesOf(await call(options, tillRulebookPart, { params: { hash } }, signal())),
    delta: async (from, to) => {
      // as: rows are RulebookProduct by the contract's words; the hash of the chunk proves them.
      return (await call(options, tillRulebookDelta, { query: { from, to } }, signal())) as Delta
    },
  }
}

/** The typed client answers bytes for an endpoint that `produces` them; its type says only that there is no JSON. */
function bytesOf(answer: unknown): Uint8Array {
  if (!(answer instanceof ArrayBuffer)) throw new TypeError('the server sent no bytes')
  return new Uint8Array(answer)
}

function codeOf(cause: unknown): string {
  if (cause instanceof Problem || cause instanceof RulebookFault) return cause.code
  // fetch rejects with TypeError without a network, with TimeoutError without an answer.
  return cause instanceof TypeError || cause instanceof DOMException ? 'offline' : 'failed'
}
