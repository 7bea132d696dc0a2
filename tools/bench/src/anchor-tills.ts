import {
  call,
  createEnrolmentCode,
  enrolTill,
  helloTill,
  listStores,
  type RulebookHead,
  tillRulebook,
  tillRulebookPart,
} from '@nexus/contract'
import { ENGINE, indexRulebook, type PricingContext, price, type Rulebook } from '@nexus/domain'
import {
  dice,
  seedClock,
  seedKeys,
  seedPrimary,
  seedRandom,
  seedSha256,
  seedTwin,
  seedVerify,
} from '@nexus/seed'
import {
  documentDraftOf,
  openTillJournal,
  type PushRequest,
  type TillJournal,
  type Transport,
} from '@nexus/sync'
import { officeHeaders } from '../../../tests/support/office.ts'

/** One register with its sales made beforehand, in pushes that are ready to send. */
export type AnchorTill = { token: string; pushes: Buffer[]; totalsMinor: number[] }

/** Close together, so that the sales' times stay near the server's. */
const saleEveryMs = 100

type Stores = Awaited<ReturnType<typeof storesOf>>

async function storesOf(url: string, headers: Record<string, string>) {
  return (await call({ baseUrl: url, headers: () => headers }, listStores, {})).stores
}

/**
 * Enrols every register of the chain and makes `salesOf(index)` sales on each: 5 different products, one each,
 * the bill offer, two tax rates (one product in five at the lower one), cash and card (SSS-A). Only the
 * pushes of sales are kept for the measurement; what comes before them is sent at once. Each push is one
 * sale, or for a till `isAway(index)` as many as a till sends at once after a long time without a line.
 */
export async function makeAnchorTills(
  url: string,
  registers: number,
  salesOf: (index: number) => number,
  isAway: (index: number) => boolean = () => false,
): Promise<AnchorTill[]> {
  const headers = await officeHeaders(url, 'admin', 'monsoon-marigold-tram')
  const stores = await storesOf(url, headers)
  const places = stores
    .flatMap((store) => store.registers.map((register) => ({ store, register })))
    .slice(0, registers)
  const tills: AnchorTill[] = []
  let shared: { rulebook: Rulebook; low: number[]; high: number[] } | undefined
  for (const [index, { store, register }] of places.entries()) {
    const { code } = await call({ baseUrl: url, headers: () => headers }, createEnrolmentCode, {
      params: { registerId: register.id },
    })
    let token = ''
    const till: AnchorTill = { token, pushes: [], totalsMinor: [] }
    let capture = false
    let generation = ''
    const clock = seedClock(Date.now(), dice(1, index).uuid(Date.now()))
    const random = dice(1, 1000 + index)
    const post = async (path: string, body: unknown) => {
      const response = await fetch(url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify(body),
      })
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
      return await response.json()
    }
    const transport: Transport = {
      enrol: async (request) => {
        const answer = await call({ baseUrl: url }, enrolTill, { body: request })
        token = answer.token.token
        return answer
      },
      hello: async (request) => {
        const answer = await call({ baseUrl: url }, helloTill, { body: request })
        token = answer.token.token
        generation = answer.generation
        return answer
      },
      push: async (request) => {
        if (!capture) return await post('/v1/till/push', request)
        till.pushes.push(Buffer.from(JSON.stringify(request)))
        return acknowledged(request, generation, clock.wallMs())
      },
      heartbeat: async (request) => await post('/v1/till/heartbeat', request),
    }
    const primary = seedPrimary()
    const journal = await openTillJournal(
      {
        clock,
        random: seedRandom(random),
        sha256: seedSha256,
        keys: seedKeys(random),
        verify: seedVerify,
        primary,
        twin: seedTwin(),
        transport,
      },
      { app: 'bench', engine: ENGINE },
    )
    await journal.enrol({ code, storage: { persisted: true, quotaBytes: null, usageBytes: null } })
    shared ??= await readRulebook(url, token)
    const { rulebook, low, high } = shared
    const context = {
      shift: random.uuid(clock.wallMs()),
      tradingDay: new Date(clock.wallMs() + 19_800_000).toISOString().slice(0, 10),
      rulebook: { version: rulebook.version, checksum: rulebook.checksum },
      staff: null,
    }
    const drawer = random.uuid(clock.wallMs())
    await journal.append({
      type: 'shift-opened',
      context,
      body: { drawer, float: { totalMinor: 0, pieces: [] }, clockConfirmed: true },
    })
    for (let step = 0; step < 50; step++) {
      const outcome = await journal.pushOnce()
      if (outcome.kind === 'failed') throw outcome.cause
      if (outcome.kind === 'idle' || outcome.kind === 'beat') break
    }
    capture = true
    for (let sale = 0; sale < salesOf(index); sale++) {
      clock.set(clock.wallMs() + saleEveryMs)
      const draft = anchorSale(random, rulebook, low, high, store, clock.wallMs())
      await journal.completeSale({ ...draft, context })
      till.totalsMinor.push(draft.totalMinor)
      if (isAway(index)) continue
      await pushNow(journal)
      primary.forget()
    }
    while (isAway(index) && (await pushNow(journal)));
    till.token = token
    tills.push(till)
  }
  return tills
}

/** One push; false where nothing was left. */
async function pushNow(journal: TillJournal): Promise<boolean> {
  const outcome = await journal.pushOnce()
  if (outcome.kind === 'failed') throw new Error('a sale was not pushed', { cause: outcome.cause })
  return outcome.kind === 'pushed'
}

/** What the server would answer: the till believes it and goes on. */
function acknowledged(request: PushRequest, generation: string, serverAt: number) {
  const { epoch, seq, hash } = request.checkpoint.checkpoint
  return {
    requestId: request.requestId,
    generation,
    serverAt,
    head: { epoch, seq, hash },
    marks: { stored: null, received: null, durable: null },
    quarantined: [],
    forked: [],
    retryAfterMs: null,
    maxBatch: { entries: 100, bytes: 262_144 },
  }
}

async function readRulebook(url: string, token: string) {
  const options = { baseUrl: url, headers: () => ({ authorization: `Bearer ${token}` }) }
  const manifest = await call(options, tillRulebook, { query: {} })
  const part = async (hash: string) =>
    JSON.parse(
      Buffer.from(
        (await call(options, tillRulebookPart, { params: { hash } })) as unknown as ArrayBuffer,
      ).toString(),
    )
  const head: RulebookHead = await part(manifest.headHash)
  const products = (await Promise.all(manifest.chunks.map((chunk) => part(chunk.hash)))).flat()
  const rulebook = indexRulebook({
    version: manifest.version,
    checksum: manifest.checksum,
    products,
    ...head,
  })
  const rate = (taxClassId: string) =>
    head.taxClasses.find((one) => one.id === taxClassId)?.rates.at(-1)?.rateBp
  const ids = (rateBp: number): number[] =>
    products.filter((product) => rate(product.taxClassId) === rateBp).map((product) => product.id)
  return { rulebook, low: ids(500), high: ids(1800) }
}

function anchorSale(
  random: ReturnType<typeof dice>,
  rulebook: Rulebook,
  low: number[],
  high: number[],
  store: Stores[number],
  pricedAt: number,
) {
  const context: PricingContext = {
    pricedAt,
    storeId: store.id,
    regionId: store.regionId,
    storeState: store.state,
    placeOfSupply: store.state,
  }
  for (;;) {
    const chosen = new Set([random.pick(low)])
    while (chosen.size < 5) chosen.add(random.pick(high))
    const lines = [...chosen].map((productId, index) => ({
      uid: String(index + 1),
      productId,
      quantityMilli: 1000,
    }))
    const priced = price({ lines }, rulebook, context)
    // The chain's offer asks for a minimum; the anchor sale always has it.
    if (priced.discountMinor === 0) continue
    const cart = random.uuid(pricedAt)
    const cashMinor = Math.floor(priced.toPayMinor / 2)
    return {
      totalMinor: priced.toPayMinor,
      cart,
      body: {
        documents: [documentDraftOf({ priced, cart: { lines }, rulebook, context, language: 'en' })],
        tenders: [
          {
            kind: 'cash' as const,
            direction: 'in' as const,
            amountMinor: cashMinor,
            handedMinor: cashMinor,
            reference: null,
            attempt: null,
          },
          {
            kind: 'card' as const,
            direction: 'in' as const,
            amountMinor: priced.toPayMinor - cashMinor,
            reference: '123456/4242',
            attempt: null,
          },
        ],
        changeMinor: 0,
        recalledFrom: null,
        root: cart,
        language: 'en',
      },
    }
  }
}
