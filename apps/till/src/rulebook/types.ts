import type { Offer, Rulebook, RulebookProduct } from '@nexus/domain'

/** One version of the rulebook, opened for selling. Immutable: a newer version is another object. */
export type Catalogue = {
  version: number
  checksum: string
  /** Number of products. */
  products: number
  /**
   * Products that bear a code, as scanned or typed (GTINs are normalised here); mostly one. Synchronous,
   * microseconds, needs no chunk.
   */
  findByCode(code: string): readonly number[]
  /**
   * Products whose words begin with the words of `text` (names in every language, brand, SKU), best
   * first; where nothing matches, words with one wrong, missing, added or swapped letter. Synchronous.
   */
  search(text: string, limit: number): readonly number[]
  /** Loads the rows of these products, so that `product` and `rulebook.findProduct` know them. */
  ensure(productIds: readonly number[]): Promise<void>
  /** True when `product` would answer at once. */
  has(productId: number): boolean
  /** undefined for an unknown id. Throws for a known one whose rows were not asked for by `ensure`. */
  product(productId: number): RulebookProduct | undefined
  brandName(brandId: number): string
  categoryName(categoryId: number): string
  /** undefined for an offer that is not in this version. */
  offer(offerId: number): Offer | undefined
  /** What `price` reads. Same condition as `product`. */
  rulebook: Rulebook
}

export type RulebookState = {
  /** `empty`: nothing on this device yet; `ready`: a version can be sold from. */
  phase: 'starting' | 'empty' | 'ready'
  /** A newer version is being fetched or indexed; selling goes on with the old one. */
  syncing: boolean
  /** Of the sync: bytes received and expected; null when idle. */
  progress: { done: number; total: number } | null
  /** Code of the last failure (`offline`, `bad-hash`, a ProblemCode …); null after a good sync. */
  problem: string | null
  version: number | null
}

/** Holds the current version and follows HQ's. */
export type RulebookStore = {
  getState(): RulebookState
  /** The newest whole version on this device; undefined while `empty` or `starting`. */
  current(): Catalogue | undefined
  /** Calls back after every change of state or version. */
  subscribe(listener: () => void): () => void
  /** Asks HQ for a newer version now. Never rejects: the outcome stands in `getState`. */
  sync(): Promise<void>
}
