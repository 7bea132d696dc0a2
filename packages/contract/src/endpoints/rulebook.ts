import { type Static, Type } from 'typebox'
import { Hash, Instant, Nullable } from '../common.ts'
import { endpoint } from '../endpoint.ts'
import { CartFile, PricedCartFormat } from '../pricing-formats.ts'

export const RulebookVersion = Type.Object({
  version: Type.Integer(),
  checksum: Hash,
  publishedAt: Instant,
  by: Nullable(Type.String()),
  products: Type.Integer(),
  changes: Type.Integer(),
  note: Type.String(),
})
export const getRulebook = endpoint({
  method: 'GET',
  path: '/v1/rulebook',
  tag: 'rulebook',
  allow: 'products.read',
  summary: 'Published versions, and how many products changed since the last.',
  answer: Type.Object({ versions: Type.Array(RulebookVersion), pendingChanges: Type.Integer() }),
})
export const getRollOut = endpoint({
  method: 'GET',
  path: '/v1/rulebook/roll-out',
  tag: 'rulebook',
  allow: 'products.read',
  summary:
    'How many tills hold the newest version, and which do not yet: at most 100 of them, those seen longest ago first.',
  answer: Type.Object({
    /** 0 before the first is published. */
    version: Type.Integer(),
    tills: Type.Integer(),
    holding: Type.Integer(),
    behind: Type.Array(
      Type.Object({
        registerId: Type.String(),
        number: Type.Integer(),
        storeId: Type.String(),
        storeName: Type.String(),
        /** null: it never said. */
        holds: Nullable(Type.Integer()),
        lastSeenAt: Instant,
      }),
    ),
  }),
})
export const publishRulebook = endpoint({
  method: 'POST',
  path: '/v1/rulebook/versions',
  tag: 'rulebook',
  allow: 'rulebook.publish',
  summary: 'Publish what has changed as the next version; without changes the last version is answered.',
  body: Type.Object({ note: Type.String({ maxLength: 200 }) }),
  answer: RulebookVersion,
})

export const priceCart = endpoint({
  method: 'POST',
  path: '/v1/price',
  tag: 'rulebook',
  allow: 'products.read',
  summary:
    'Price a cart by a published rulebook, and say why. Nothing is written. Without a store the first that the caller works for, without an instant now.',
  body: Type.Object(
    {
      ...CartFile.properties,
      /** Left out: the newest. */
      rulebookVersion: Type.Optional(Type.Integer({ minimum: 1, maximum: 2147483647 })),
    },
    { additionalProperties: false },
  ),
  answer: Type.Object({
    rulebook: Type.Object({ version: Type.Integer(), checksum: Hash }),
    storeId: Type.String(),
    pricedAt: Instant,
    priced: PricedCartFormat,
    /** The bill and its trace for people, in English, line by line. */
    words: Type.Array(Type.String()),
  }),
})

/**
 * A store's view of one version. Products lie in chunks by `floor(id / 1000)`; a chunk's bytes are
 * the canonical JSON array of its rows, ascending by id, and its hash is the SHA-256 of those bytes.
 * `checksum` is the SHA-256 of the canonical JSON of {version, head: headHash, chunks: [[index, hash] …]}.
 */
export const RulebookManifest = Type.Object({
  version: Type.Integer(),
  checksum: Hash,
  /** HQ's signature (ECDSA P-256, base64url) over the checksum's 43 ASCII characters. */
  signature: Type.String(),
  headHash: Hash,
  chunks: Type.Array(
    Type.Object({ index: Type.Integer(), hash: Hash, rows: Type.Integer(), bytes: Type.Integer() }),
  ),
})
export type RulebookManifest = Static<typeof RulebookManifest>

/** Content of the head: everything but products. Its types are those of `@nexus/domain`. */
export type RulebookHead = {
  taxClasses: readonly import('@nexus/domain').TaxClass[]
  priceLists: readonly import('@nexus/domain').PriceList[]
  offers: readonly import('@nexus/domain').Offer[]
  rupeeRounding: boolean
  brands: readonly { id: number; name: string }[]
  categories: readonly { id: number; name: string }[]
}
/** A row of a chunk is a `RulebookProduct` of `@nexus/domain`. */

export const tillRulebook = endpoint({
  method: 'GET',
  path: '/v1/till/rulebook',
  tag: 'rulebook',
  allow: 'device',
  summary:
    "Manifest of the newest version for the calling till's store. `holds` is the version that the till sells by, for the roll-out.",
  query: Type.Object({ holds: Type.Optional(Type.Integer({ minimum: 1, maximum: 2147483647 })) }),
  answer: RulebookManifest,
})
export const tillRulebookPart = endpoint({
  method: 'GET',
  path: '/v1/till/rulebook/parts/:hash',
  tag: 'rulebook',
  allow: 'device',
  summary:
    'Bytes of the head or of a chunk by hash (canonical JSON; sent compressed with Content-Encoding gzip). Never changes, so it may be cached for ever.',
  params: Type.Object({ hash: Hash }),
  produces: 'application/json',
})
export const tillRulebookDelta = endpoint({
  method: 'GET',
  path: '/v1/till/rulebook/delta',
  tag: 'rulebook',
  allow: 'device',
  summary:
    'Rows changed and products removed between two versions; rows applied to the old chunks give the bytes of the new ones.',
  query: Type.Object({ from: Type.Integer(), to: Type.Integer() }),
  answer: Type.Object({
    from: Type.Integer(),
    to: Type.Integer(),
    rows: Type.Array(Type.Unknown()),
    removed: Type.Array(Type.Integer()),
  }),
})
