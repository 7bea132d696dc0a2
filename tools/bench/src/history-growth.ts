import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { call, listBills, listProducts, listStores } from '@nexus/contract'
import { makeChain } from '../../../tests/support/nexus.ts'
import { officeHeaders } from '../../../tests/support/office.ts'
import { makeAnchorTills } from './anchor-tills.ts'
import { drive, warmUp } from './drive.ts'
import { cpuMsOf } from './process-cpu.ts'
import { type Benchmark, type Figure, median } from './report.ts'

const sizes = [1_000_000, 10_000_000]
const callers = 16
const stores = 20
const seededDays = 5
const billsADay = 50
const warmUpSales = 30
const callsOfEach = 30

/**
 * `history-growth`: the same work on one million and on ten million sale lines: a sale (CPU of the server), the
 * search for a bill, a day's report, a product's stock card. The reference is the smaller history.
 */
export const benchmark: Benchmark = async ({ seconds, rounds, say }) => {
  const chain = await makeChain()
  const path = join(chain.dataDir, 'nexus.db')
  try {
    say('making a chain with some days of trade')
    await chain.nexus(
      'seed',
      ...['--stores', String(stores), '--registers', '1', '--products', '1000'],
      ...[
        '--staff',
        String(stores * 2 + 3),
        '--days',
        String(seededDays),
        '--bills-per-day',
        String(billsADay),
      ],
    )
    const seeded = historyOf(path)
    await chain.start()
    const salesEach = warmUpSales + Math.ceil(seconds * rounds * sizes.length * 150)
    const tills = await makeAnchorTills(chain.url, callers, () => salesEach)
    let next = await warmUp(chain.url, tills, warmUpSales)
    await chain.stop()
    const costs: { [work: string]: number }[] = []
    for (const size of sizes) {
      say(`growing the history to ${size.toLocaleString('en')} lines`)
      grow(path, seeded, size, say)
      await chain.start()
      const measured: { [work: string]: number[] } = {}
      const add = (work: string, value: number) => {
        measured[work] = [...(measured[work] ?? []), value]
      }
      next = (await drive(chain.url, tills, next, callers, 1)).next
      for (let round = 0; round < rounds; round++) {
        const cpuAt = cpuMsOf(chain.pid())
        const driven = await drive(chain.url, tills, next, callers, seconds)
        next = driven.next
        add('sale, CPU ms', (cpuMsOf(chain.pid()) - cpuAt) / driven.sales)
        for (const [work, ms] of Object.entries(await readings(chain.url))) add(work, ms)
      }
      const cost = Object.fromEntries(Object.entries(measured).map(([work, all]) => [work, median(all)]))
      costs.push(cost)
      say(
        Object.entries(cost)
          .map(([work, value]) => `${work} ${value.toFixed(2)}`)
          .join(', '),
      )
      await chain.stop()
    }
    const [small, large] = costs
    const figures = Object.keys(small ?? {}).map((work): Figure => {
      const [before, after] = [small?.[work] ?? Number.NaN, large?.[work] ?? Number.NaN]
      return {
        what: work,
        values: { 'at 1 million': before, 'at 10 million': after },
        ratio: { of: 'the smaller history', value: after / before },
      }
    })
    return {
      figures,
      aims: figures.map(({ what, ratio }) => ({
        aim: `${what}: grows by at most 1.05`,
        reached: (ratio?.value ?? Number.NaN) <= 1.05,
        measured: `${ratio?.value.toFixed(2)}`,
      })),
      notes: ['Entries of the copied history hold their first 200 bytes only; rows and keys are whole.'],
    }
  } finally {
    await chain.dispose()
  }
}

type History = { lines: number; epochs: number; epochNo: number }

/** What the seed wrote: the part that is copied. */
function historyOf(path: string): History {
  const db = new DatabaseSync(path, { readOnly: true })
  const one = (sql: string) => Number(Object.values(db.prepare(sql).get() ?? {})[0])
  const history = {
    lines: one('SELECT COUNT(*) FROM bill_line'),
    epochs: one('SELECT COUNT(*) FROM journal_epoch'),
    epochNo: one('SELECT MAX(epoch_no) FROM journal_epoch'),
  }
  db.close()
  return history
}

/** Epochs of copies begin here, far above those that a server gives out meanwhile. */
const firstCopiedEpochNo = 1_000_000

/** Copies the seeded days into the past, with keys of their own, until there are so many lines. */
function grow(path: string, history: History, lines: number, say: (line: string) => void): void {
  const db = new DatabaseSync(path)
  db.exec('PRAGMA synchronous=OFF; PRAGMA cache_size=-4000000; PRAGMA foreign_keys=OFF')
  const done = db.prepare('SELECT MAX(epoch_no) AS last FROM journal_epoch').get()
  const made = Math.max(0, Math.ceil((Number(done?.last) - firstCopiedEpochNo) / history.epochNo))
  const wanted = Math.ceil(lines / history.lines)
  const statements = tablesOf(db).map((table) => copyStatement(db, table, history))
  for (let copy = made + 1; copy <= wanted; copy++) {
    db.exec('BEGIN')
    for (const statement of statements) statement.run({ copy })
    db.exec('COMMIT')
    if (copy % 50 === 0) say(`${(copy * history.lines).toLocaleString('en')} lines`)
  }
  db.exec('ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)')
  db.close()
}

const copied =
  /^(journal_(epoch|head|entry|cart|number)|entry_identity|bill|bill_line|bill_tax|tender|stock_move)$/

function tablesOf(db: DatabaseSync): string[] {
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
  return tables.map(({ name }) => String(name)).filter((name) => copied.test(name))
}

/** A copy's row differs in its keys and lies further back in time; `:copy` is its number. */
function copyStatement(db: DatabaseSync, table: string, { epochNo }: History) {
  const columns = db
    .prepare(`SELECT * FROM "${table}"`)
    .columns()
    .map(({ name }) => name ?? '')
  // The last four bytes of an id are random; together with the copy's number they are another id.
  const id = (name: string) =>
    `CAST(substr("${name}", 1, length("${name}") - 4) || CAST(printf('%04d', :copy) AS BLOB) AS BLOB)`
  const spanMs = seededDays * 86_400_000
  const changed: { [column: string]: string } = {
    epoch_no: `epoch_no + ${firstCopiedEpochNo} + (:copy - 1) * ${epochNo}`,
    epoch: id('epoch'),
    identity: id('identity'),
    hash: id('hash'),
    cart: id('cart'),
    number: `number || '~' || :copy`,
    bytes: 'substr(bytes, 1, 200)',
    day: `date(day, '-' || (:copy * ${seededDays}) || ' days')`,
    trading_day: `date(trading_day, '-' || (:copy * ${seededDays}) || ' days')`,
    issue_date: `date(issue_date, '-' || (:copy * ${seededDays}) || ' days')`,
    at: `at - :copy * ${spanMs}`,
    received_at: `received_at - :copy * ${spanMs}`,
  }
  const values = columns.map((name) => changed[name] ?? `"${name}"`)
  const own = columns.includes('epoch_no')
    ? `epoch_no <= ${epochNo}`
    : `"epoch" IN (SELECT epoch FROM journal_epoch WHERE epoch_no <= ${epochNo})`
  const where = table === 'journal_cart' ? 'cart IN (SELECT cart FROM temp.seeded_cart)' : own
  if (table === 'journal_cart') {
    db.exec('CREATE TEMP TABLE seeded_cart AS SELECT c.cart FROM journal_cart c')
    db.exec(
      `DELETE FROM temp.seeded_cart WHERE cart NOT IN (SELECT c.cart FROM journal_cart c JOIN entry_identity i ON i.identity = c.identity JOIN journal_epoch e ON e.epoch = i.epoch WHERE e.epoch_no <= ${epochNo})`,
    )
  }
  const names = columns.map((name) => `"${name}"`).join(', ')
  return db.prepare(
    `INSERT OR IGNORE INTO "${table}" (${names}) SELECT ${values.join(', ')} FROM "${table}" WHERE ${where}`,
  )
}

/** What people look up, ms each. */
async function readings(url: string): Promise<{ [work: string]: number }> {
  const headers = await officeHeaders(url, 'admin', 'monsoon-marigold-tram')
  const options = { baseUrl: url, headers: () => headers }
  const [bill] = (await call(options, listBills, { query: { pageSize: 1 } })).rows
  const [product] = (await call(options, listProducts, { query: { pageSize: 1 } })).rows
  if (!bill || !product) throw new Error('the chain has no bills or products')
  const day = bill.tradingDay ?? bill.issueDate
  const [store] = (await call(options, listStores, {})).stores
  const paths = {
    'bill by its number, ms': `/v1/bills?q=${bill.number}`,
    "a day's bills, ms": `/v1/bills?from=${day}&until=${day}`,
    'today, ms': `/v1/today?day=${day}`,
    'stock card, ms': `/v1/stock/moves?store=${store?.id}&product=${product.id}`,
  }
  const found: { [work: string]: number } = {}
  for (const [work, path] of Object.entries(paths)) {
    const taken: number[] = []
    for (let n = 0; n < callsOfEach; n++) {
      const at = performance.now()
      const response = await fetch(url + path, { headers })
      await response.arrayBuffer()
      if (!response.ok) throw new Error(`${path}: ${response.status}`)
      taken.push(performance.now() - at)
    }
    found[work] = median(taken)
  }
  return found
}
