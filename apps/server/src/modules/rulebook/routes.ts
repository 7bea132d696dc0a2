import {
  getRollOut,
  getRulebook,
  priceCart,
  publishRulebook as publishRulebookEndpoint,
  type RulebookManifest,
  tillRulebook,
  tillRulebookDelta,
  tillRulebookPart,
} from '@nexus/contract'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'
import { serve } from '../../http/serve.ts'
import { countChangedSince } from '../catalogue/index.ts'
import { noteRulebookHeld, rollOutOf } from '../stores/index.ts'
import type { Manifests } from './manifests.ts'
import { priceForCaller } from './price-for-caller.ts'
import { publishRulebook } from './publish-rulebook.ts'
import { readDelta } from './read-delta.ts'
import { readPart } from './read-part.ts'
import type { RulebookReader } from './reader.ts'
import { newestVersions, type Version } from './sql.ts'

/** Versions that the back office lists. */
const listedMax = 50
/** Tills without the newest version that the back office names. */
const behindMax = 100

/** HTTP face of the rulebook. */
export function rulebookRoutes(
  context: Context,
  manifests: Manifests,
  reader: RulebookReader,
): (app: FastifyInstance) => void {
  const db = context.database.read
  return (app) => {
    serve(app, getRulebook, async () => {
      const versions = await newestVersions(db, listedMax)
      const pendingChanges = await countChangedSince(db, versions[0]?.changeNo ?? 0)
      return { versions: versions.map(answerOf), pendingChanges }
    })
    serve(app, getRollOut, async () => {
      const [newest] = await newestVersions(db, 1)
      const version = newest?.version ?? 0
      return { version, ...(await rollOutOf(db, version, behindMax)) }
    })
    serve(app, publishRulebookEndpoint, async ({ body, caller }) =>
      answerOf(await publishRulebook(context, { note: body.note, by: caller.name })),
    )

    serve(app, priceCart, async ({ body, caller }) => await priceForCaller(context, reader, caller, body))

    // What each till said last in this process; the table holds what matters.
    const held = new Map<string, number>()
    serve(app, tillRulebook, async ({ caller, query, request, reply }) => {
      if (query.holds !== undefined && held.get(caller.registerId) !== query.holds) {
        const { holds } = query
        await context.database.write((tx) => noteRulebookHeld(tx, caller.registerId, holds))
        held.set(caller.registerId, holds)
      }
      const manifest = await manifests.newest(caller.storeId)
      const tag = `"${manifest.checksum}"`
      reply.header('etag', tag).header('cache-control', 'private, no-cache')
      if (request.headers['if-none-match'] === tag) {
        // as: a reply that was sent stands for the answer that is not sent.
        return (await reply.code(304).send()) as unknown as RulebookManifest
      }
      return manifest
    })
    serve(app, tillRulebookPart, async ({ params, request, reply }) => {
      const part = await readPart(context, params.hash)
      reply.header('cache-control', 'private, max-age=31536000, immutable').header('vary', 'accept-encoding')
      if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return part.bytes
      reply.header('content-encoding', 'gzip')
      return part.gzip
    })
    serve(
      app,
      tillRulebookDelta,
      async ({ caller, query }) => await readDelta(db, caller.storeId, query.from, query.to),
    )
  }
}

function answerOf({ version, checksum, publishedAt, by, products, changes, note }: Version) {
  return { version, checksum, publishedAt, by, products, changes, note }
}
