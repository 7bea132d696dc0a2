import { call, listBills, listProducts, listStaff, listStores } from '@nexus/contract'
import { officeHeaders } from '../../../tests/support/office.ts'
import { type Benchmark, type Figure, median, percentile } from './report.ts'

const limitMs = 100
const callsPerRound = 10

/**
 * `office-lists`: every list of the back office on a chain that is running already, whole answers over HTTP, one
 * caller. The reference is the same server's smallest answer, `/health/live`. It changes nothing.
 */
export const benchmark: Benchmark = async ({ rounds, say, url }) => {
  if (url === undefined) {
    throw new Error(
      'office-lists measures a chain that runs: nexus seed …, nexus start, then --url http://127.0.0.1:4000',
    )
  }
  const headers = await officeHeaders(url, 'admin', 'monsoon-marigold-tram')
  const get = async (path: string): Promise<number> => {
    const startedAt = performance.now()
    const response = await fetch(url + path, { headers })
    await response.arrayBuffer()
    if (!response.ok) throw new Error(`${path}: ${response.status}`)
    return performance.now() - startedAt
  }
  const lists = await listsOf(url, headers)
  const samples = new Map<string, { cold: number; warm: number[] }>()
  const bare: number[] = []
  for (let round = 0; round < rounds; round++) {
    for (const path of lists) {
      const sample = samples.get(path) ?? { cold: await get(path), warm: [] }
      samples.set(path, sample)
      for (let n = 0; n < callsPerRound; n++) sample.warm.push(await get(path))
      bare.push(await get('/health/live'))
    }
    say(`round ${round + 1} of ${rounds}`)
  }
  const figures = lists.map((path): Figure => {
    const { cold, warm } = samples.get(path) ?? { cold: Number.NaN, warm: [] }
    const p95 = percentile(warm, 0.95)
    return {
      what: path,
      values: { 'first ms': cold, 'p50 ms': median(warm), 'p95 ms': p95 },
      ratio: { of: 'the smallest answer', value: median(warm) / median(bare) },
    }
  })
  const slow = figures.filter((figure) => (figure.values['p95 ms'] ?? 0) > limitMs)
  return {
    figures: [
      { what: '/health/live', values: { 'p50 ms': median(bare), 'p95 ms': percentile(bare, 0.95) } },
      ...figures.sort((a, b) => (b.values['p95 ms'] ?? 0) - (a.values['p95 ms'] ?? 0)),
    ],
    aims: [
      {
        aim: `each of ${lists.length} lists within ${limitMs} ms (p95)`,
        reached: slow.length === 0,
        measured: slow.length === 0 ? 'all' : `not ${slow.map(({ what }) => what).join(', ')}`,
      },
    ],
    notes: [],
  }
}

/** Every list with its filters, sorts and a page far behind; values come from the chain itself. */
async function listsOf(url: string, headers: Record<string, string>): Promise<string[]> {
  const options = { baseUrl: url, headers: () => headers }
  const { stores } = await call(options, listStores, {})
  const store = stores[Math.floor(stores.length / 2)]
  const bills = await call(options, listBills, { query: { pageSize: 1 } })
  const bill = bills.rows[0]
  const products = await call(options, listProducts, { query: { pageSize: 1 } })
  const product = products.rows[0]
  const staff = await call(options, listStaff, { query: { pageSize: 1, role: 'cashier' } })
  if (!store || !bill || !product || !staff.rows[0])
    throw new Error('the chain has no stores, bills or products')
  const word = product.name.split(' ')[0] ?? ''
  const day = bill.tradingDay ?? bill.issueDate
  const [ofStore, ofDay] = [`store=${store.id}`, `from=${day}&until=${day}`]
  const of = (path: string, ...queries: string[]) => queries.map((query) => `${path}?${query}`)
  return [
    ...of(
      '/v1/bills',
      ...['page=1', 'page=100', 'sort=at', 'sort=totalMinor', 'sort=-totalMinor', 'sort=number'],
      ...[
        ofStore,
        ofDay,
        `${ofStore}&${ofDay}`,
        `${ofStore}&sort=-totalMinor`,
        `from=${day.slice(0, 4)}-01-01`,
      ],
      ...[
        'tender=card',
        'tender=upi&sort=-totalMinor',
        `kind=I`,
        'discrepancies=true',
        `staff=${staff.rows[0].id}`,
      ],
      ...[`q=${bill.number}`, `q=${bill.number.slice(-6)}`, `q=${bill.number.slice(0, 4)}`],
      ...['minMinor=100000&maxMinor=120000', `register=${bill.registerId}&tender=cash&minMinor=50000`],
    ),
    `/v1/bills/${bill.identity}/${bill.document}`,
    ...of(
      '/v1/products',
      ...['page=1', 'page=200', 'sort=brand', 'sort=-changedAt', `q=${word}`, `q=${word}&page=20`],
      ...[
        `q=${word.slice(0, 2)}`,
        `q=${product.sku}`,
        `brand=${encodeURIComponent(product.brand)}`,
        'active=false',
      ],
      ...[`category=${encodeURIComponent(product.category)}&page=5`, 'unclassified=true'],
    ),
    '/v1/products/facets',
    `/v1/products/${product.id}`,
    ...of('/v1/audit', 'page=1', 'page=500', 'subject=product', `q=${word}`, ofDay, 'sort=at'),
    ...of('/v1/stock', 'page=1', ofStore, `${ofStore}&page=200`, 'negative=true', `product=${product.id}`),
    ...of('/v1/stock', `q=${word}`, `${ofStore}&q=${word}`),
    `/v1/stock/moves?${ofStore}&product=${product.id}`,
    ...of('/v1/shifts', 'page=1', 'page=100', ofStore, ofDay, 'open=true', 'sort=-difference'),
    ...of('/v1/staff', 'page=1', 'role=cashier', ofStore, `q=a`),
    ...of('/v1/incidents', 'page=1', ofStore, 'source=discrepancy'),
    ...of('/v1/today', `day=${day}`, `day=${day}&${ofStore}`),
    ...of('/v1/search', `q=${word}`, `q=${bill.number}`),
    ...[
      '/v1/stores',
      `/v1/stores/${store.id}`,
      '/v1/tax-classes',
      '/v1/price-lists',
      '/v1/rulebook',
      '/v1/imports',
    ],
  ]
}
