import {
  type Answer,
  claimCoupon,
  type Endpoint,
  findTillBill,
  type Input,
  Problem,
  type RulebookManifest,
  releaseCoupon,
  tillOfferUses,
  tillPlace,
  tillRoster,
  tillRulebook,
  tillRulebookDelta,
  tillRulebookPart,
} from '@nexus/contract'
import type { FastifyInstance } from 'fastify'
import type { TSchema } from 'typebox'
import type { Context } from '../../context.ts'
import { type DeviceCaller, serve } from '../../http/serve.ts'
import { tillBills } from '../sales/index.ts'
import { selectRegisters, tillPlaceOf } from '../stores/index.ts'
import type { Copies } from './copies.ts'
import { type Headquarters, hqAway, isRefusal } from './headquarters.ts'

/** A till waits for these: with the line down its copy must come at once. */
const readMs = 5000
/** Rulebooks whose parts are kept: a till may still be fetching the one before. */
const rulebooksKept = 2
const manifestName = 'rulebook'
const keptName = 'rulebooks-kept'

export type Reads = {
  routes(app: FastifyInstance): void
  /** Brings the newest rulebook here before a till asks for it. Answers whether a new one came. */
  fetchRulebook(): Promise<boolean>
}

/** What tills read: from headquarters, else from the copy of the last time. */
export function openReads(
  context: Pick<Context, 'database'>,
  hq: Headquarters,
  copies: Copies,
  place: { storeId: string; address: () => string | null; isConnected: () => boolean },
): Reads {
  const db = context.database.read

  type AnyEndpoint = Endpoint<
    TSchema | undefined,
    TSchema | undefined,
    TSchema | undefined,
    TSchema | undefined
  >
  /** Asks headquarters where it answered last time; a refusal is passed on. */
  async function fresh<E extends AnyEndpoint>(
    caller: DeviceCaller,
    endpoint: E,
    input: Input<E>,
  ): Promise<{ answer: Answer<E> } | undefined> {
    if (!place.isConnected()) return undefined
    try {
      return { answer: await hq.askFor(caller, endpoint, input, readMs) }
    } catch (cause) {
      if (isRefusal(cause)) throw cause
      return undefined
    }
  }

  async function withCopy<E extends AnyEndpoint>(
    name: string,
    caller: DeviceCaller,
    endpoint: E,
    input: Input<E>,
  ): Promise<Answer<E>> {
    const asked = await fresh(caller, endpoint, input).catch(async (cause: unknown) => {
      // Headquarters was restored and does not know this life of the till yet: what it said before holds.
      if (cause instanceof Problem && cause.code === 'device/unknown') return undefined
      throw cause
    })
    if (asked !== undefined) {
      await copies.put(name, asked.answer)
      return asked.answer
    }
    const copy = await copies.get<Answer<E>>(name)
    if (copy === undefined) throw hqAway(undefined)
    return copy
  }

  async function part(caller: DeviceCaller, wanted: string) {
    const kept = await copies.part(wanted)
    if (kept !== undefined) return kept
    const asked = await fresh(caller, tillRulebookPart, { params: { hash: wanted } })
    if (asked === undefined) throw hqAway(undefined)
    // as: the endpoint `produces` bytes, which the typed client hands over as they come.
    await copies.putPart(new Uint8Array(asked.answer as unknown as ArrayBuffer))
    const fetched = await copies.part(wanted)
    if (fetched === undefined) throw new Error(`headquarters sent other bytes than part ${wanted}`)
    return fetched
  }

  /** The newest rulebooks stay; parts that none of them names go. */
  async function prune(manifest: RulebookManifest): Promise<void> {
    const kept = (await copies.get<RulebookManifest[]>(keptName)) ?? []
    const others = kept.filter(({ checksum }) => checksum !== manifest.checksum)
    const next = [manifest, ...others].slice(0, rulebooksKept)
    await copies.put(keptName, next)
    const named = new Set(next.flatMap(partsOf))
    for (const one of await copies.parts()) if (!named.has(one)) await copies.dropPart(one)
  }

  return {
    routes(app) {
      serve(app, tillPlace, async ({ caller }) => {
        return await tillPlaceOf(db, caller.registerId, async () => place.address())
      })
      serve(app, tillRoster, async ({ caller }) => {
        // Made for this device: nobody else may have it, and nobody else could use it.
        return await withCopy(`roster ${caller.registerId} ${caller.epoch}`, caller, tillRoster, {})
      })
      serve(app, tillOfferUses, async ({ caller }) => {
        return await withCopy('offer uses', caller, tillOfferUses, {})
      })
      serve(app, tillRulebook, async ({ caller, query }) => {
        return await withCopy(manifestName, caller, tillRulebook, { query })
      })
      serve(app, tillRulebookDelta, async ({ caller, query }) => {
        const name = `delta ${query.from} ${query.to}`
        const kept = await copies.get<Answer<typeof tillRulebookDelta>>(name)
        if (kept !== undefined) return kept
        const asked = await fresh(caller, tillRulebookDelta, { query })
        if (asked === undefined) {
          throw new Problem(
            'rulebook/version-unknown',
            'The store server has no copy of these changes. The till fetches whole chunks instead.',
          )
        }
        return asked.answer
      })
      serve(app, tillRulebookPart, async ({ caller, params, request, reply }) => {
        const { bytes, gzip } = await part(caller, params.hash)
        reply.header('cache-control', 'private, max-age=31536000, immutable')
        if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return bytes
        reply.header('content-encoding', 'gzip')
        return gzip
      })
      serve(app, findTillBill, async ({ caller, params }) => {
        const asked = await fresh(caller, findTillBill, { params })
        return asked?.answer ?? { bills: await tillBills(db, params.number) }
      })
      serve(app, claimCoupon, async ({ caller, body }) => {
        const asked = await fresh(caller, claimCoupon, { body })
        if (asked === undefined) throw hqAway(undefined)
        return asked.answer
      })
      serve(app, releaseCoupon, async ({ caller, body }) => {
        if ((await fresh(caller, releaseCoupon, { body })) === undefined) throw hqAway(undefined)
      })
    },

    async fetchRulebook() {
      const [register] = await selectRegisters(db, { storeIds: [place.storeId] })
      if (register === undefined) return false
      const { storeId } = place
      const caller = { kind: 'device', registerId: register.id, storeId, epoch: register.id } as const
      const manifest = await hq.askFor(caller, tillRulebook, { query: {} })
      const known = await copies.get<RulebookManifest>(manifestName)
      const here = await copies.parts()
      for (const one of partsOf(manifest)) if (!here.has(one)) await part(caller, one)
      if (known?.checksum === manifest.checksum) return false
      await copies.put(manifestName, manifest)
      await prune(manifest)
      return true
    },
  }
}

function partsOf({ headHash, chunks }: RulebookManifest): string[] {
  return [headHash, ...chunks.map(({ hash }) => hash)]
}
