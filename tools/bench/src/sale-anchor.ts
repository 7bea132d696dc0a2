import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findMariadb, mariadbAdvice, startMariadb } from '../../../apps/server/src/testing/mariadb.ts'
import { type Chain, makeChain } from '../../../tests/support/nexus.ts'
import { type AnchorTill, makeAnchorTills } from './anchor-tills.ts'
import { drive, warmUp } from './drive.ts'
import { addedRowsMysql, limitMysql, rememberTables } from './limit-mysql.ts'
import { type AddedRows, addedRows, limitSqlite } from './limit-sqlite.ts'
import { cpuMsOf, writtenKibOf } from './process-cpu.ts'
import { type Benchmark, type Figure, median, percentile } from './report.ts'

const callerCounts = [1, 16, 64]
const registers = 64
/** Sales of each till before the first measured one, so that the server runs as it does on any day. */
const warmUpSales = 40

/**
 * `sale-anchor`: SSS-A over HTTP, stored before the answer, on SQLite and MariaDB, beside a bare program
 * that writes the same rows with the same durability.
 */
export const benchmark: Benchmark = async (run) => {
  const figures: Figure[] = []
  const notes: string[] = []
  for (const dialect of (process.env.ONLY ?? 'sqlite,mariadb').split(',') as ('sqlite' | 'mariadb')[]) {
    if (dialect === 'mariadb' && !findMariadb()) {
      notes.push(`MariaDB was not measured: ${mariadbAdvice}`)
      continue
    }
    figures.push(...(await measure(dialect, run)))
  }
  const cpu = (what: string) =>
    figures.find((figure) => figure.what === what)?.values['CPU ms/sale'] ?? Number.NaN
  const aims = figures
    .filter((figure) => figure.ratio)
    .flatMap((figure) => [
      {
        aim: `${figure.what}: at most 1.0 ms CPU a sale`,
        reached: cpu(figure.what) <= 1,
        measured: `${cpu(figure.what).toFixed(2)} ms`,
      },
      {
        aim: `${figure.what}: half the limit's rate`,
        reached: (figure.ratio?.value ?? 0) >= 0.5,
        measured: `${(figure.ratio?.value ?? 0).toFixed(2)} of it`,
      },
    ])
  return { figures, aims, notes }
}

/** What one stretch of driving came to; `cpu`, `kib` and `commits` a sale. */
type Stretch = { rate: number; cpu: number; kib: number; commits: number; latencies: number[] }

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)

/** Groups of pushes that the server has committed so far: each is one flush. */
async function commitsOf(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(/^nexus_journal_group_pushes_count (\d+)$/m.exec(text)?.[1])
}

async function measure(
  dialect: 'sqlite' | 'mariadb',
  { seconds, rounds, say }: Parameters<Benchmark>[0],
): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'nexus-bench-'))
  const mariadb = dialect === 'mariadb' ? await startMariadb('full') : undefined
  const databaseUrl = mariadb?.url('anchor')
  const chain = await makeChain(databaseUrl ? { DATABASE_URL: databaseUrl } : {})
  try {
    if (mariadb) await createDatabase(mariadb.url('mysql'), 'anchor')
    say(`${dialect}: making a chain of ${registers} registers`)
    await chain.nexus(
      'seed',
      '--stores',
      String(registers),
      '--registers',
      '1',
      '--products',
      '1000',
      '--staff',
      String(registers * 2 + 3),
      '--days',
      '0',
    )
    await chain.start()
    say(`${dialect}: making sales`)
    const tills = await makeTills(chain, seconds, rounds)
    const before = join(folder, 'before.db')
    if (databaseUrl) await rememberTables(databaseUrl)
    else {
      await chain.stop()
      copyFileSync(join(chain.dataDir, 'nexus.db'), before)
      await chain.start()
    }
    const pids = [chain.pid(), ...(mariadb ? [mariadb.pid] : [])]
    say(`${dialect}: warming up`)
    let next = await warmUp(chain.url, tills, warmUpSales)
    const subject = new Map<number, Stretch[]>()
    const used = async () => ({
      cpuMs: sumOf(pids.map(cpuMsOf)),
      kib: sumOf(pids.map(writtenKibOf)),
      commits: await commitsOf(chain.url),
    })
    for (let round = 0; round < rounds; round++) {
      for (const callers of callerCounts) {
        const before = await used()
        const driven = await drive(chain.url, tills, next, callers, seconds)
        const after = await used()
        next = driven.next
        subject.set(callers, [
          ...(subject.get(callers) ?? []),
          {
            rate: (driven.sales * 1000) / driven.elapsedMs,
            cpu: (after.cpuMs - before.cpuMs) / driven.sales,
            kib: (after.kib - before.kib) / driven.sales,
            commits: (after.commits - before.commits) / driven.sales,
            latencies: driven.latencies,
          },
        ])
        say(
          `${dialect}, ${callers} callers: ${driven.sales} sales, ${((driven.sales * 1000) / driven.elapsedMs).toFixed(0)}/s`,
        )
      }
    }
    const sales = next.reduce((sum, count) => sum + count, 0)
    await chain.stop()
    await checkBooks(chain, databaseUrl, tills, next)
    const added: AddedRows = databaseUrl
      ? await addedRowsMysql(databaseUrl)
      : addedRows(before, join(chain.dataDir, 'nexus.db'))
    const figures: Figure[] = []
    for (const callers of callerCounts) {
      const limits = []
      for (let round = 0; round < rounds; round++) {
        limits.push(
          databaseUrl && mariadb
            ? await limitMysql(databaseUrl, mariadb.pid, added, sales, callers, seconds)
            : limitSqlite(
                before,
                join(folder, `limit-${callers}-${round}.db`),
                added,
                sales,
                callers,
                seconds,
              ),
        )
      }
      const own = subject.get(callers) ?? []
      const rate = median(own.map((one) => one.rate))
      const limitRate = median(limits.map((one) => (one.sales * 1000) / one.elapsedMs))
      const latencies = own.flatMap((one) => one.latencies)
      figures.push(
        {
          what: `limit, ${dialect}, ${callers} a commit`,
          values: { 'sales/s': limitRate, 'CPU ms/sale': median(limits.map((one) => one.cpuMs / one.sales)) },
        },
        {
          what: `${dialect}, ${callers} callers`,
          values: {
            'sales/s': rate,
            'CPU ms/sale': median(own.map((one) => one.cpu)),
            'commits/sale': median(own.map((one) => one.commits)),
            'KiB/sale': median(own.map((one) => one.kib)),
            'p50 ms': median(latencies),
            'p99 ms': percentile(latencies, 0.99),
          },
          ratio: { of: "the limit's rate", value: rate / limitRate },
        },
      )
    }
    return figures
  } finally {
    await chain.dispose()
    await mariadb?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Enough sales for each till at more than the server can take: the first is the only one when one calls. */
async function makeTills(chain: Chain, seconds: number, rounds: number): Promise<AnchorTill[]> {
  const measured = seconds * rounds
  const perSecond = { alone: 600, among16: 120, among64: 40 }
  return await makeAnchorTills(chain.url, registers, (index) => {
    const rate =
      perSecond.among64 + (index < 16 ? perSecond.among16 : 0) + (index === 0 ? perSecond.alone : 0)
    return warmUpSales + Math.ceil(measured * rate)
  })
}

async function createDatabase(url: string, name: string): Promise<void> {
  const { createConnection } = await import('mysql2/promise')
  const connection = await createConnection(url.replace(/\/[^/]*$/, ''))
  await connection.query(`CREATE DATABASE IF NOT EXISTS \`${name}\` CHARACTER SET utf8mb4`)
  await connection.end()
}

type Books = { bills: number; soldMinor: number; isDurable: boolean }

/** A run whose books do not agree, or whose database may forget a commit, is void. */
async function checkBooks(
  chain: Chain,
  databaseUrl: string | undefined,
  tills: readonly AnchorTill[],
  sent: readonly number[],
): Promise<void> {
  const books = databaseUrl
    ? await booksMysql(databaseUrl)
    : await booksSqlite(join(chain.dataDir, 'nexus.db'))
  const sales = sent.reduce((sum, count) => sum + count, 0)
  const soldMinor = tills.reduce((sum, till, index) => {
    const sold = till.totalsMinor.slice(0, sent[index])
    return sum + sold.reduce((total, one) => total + one, 0)
  }, 0)
  if (books.bills !== sales || books.soldMinor !== soldMinor)
    throw new Error(
      `void: ${sales} sales of ${soldMinor} paise were answered as stored, and ${books.bills} bills of ${books.soldMinor} are there`,
    )
  if (!books.isDurable) throw new Error('void: the database does not flush each commit to disk')
}

const booksQuery = 'SELECT COUNT(*) AS bills, SUM(total_minor) AS sold FROM bill'

async function booksSqlite(path: string): Promise<Books> {
  const { DatabaseSync } = await import('node:sqlite')
  const db = new DatabaseSync(path, { readOnly: true })
  const row = db.prepare(booksQuery).get()
  db.close()
  // The server itself refuses to start without synchronous=FULL.
  return { bills: Number(row?.bills), soldMinor: Number(row?.sold), isDurable: true }
}

async function booksMysql(url: string): Promise<Books> {
  const { createConnection } = await import('mysql2/promise')
  const connection = await createConnection(url)
  const [rows] = await connection.query(
    `${booksQuery.replace(' FROM', ', @@innodb_flush_log_at_trx_commit AS flush FROM')}`,
  )
  await connection.end()
  // Aggregates come as texts.
  const [row] = rows as { bills: unknown; sold: unknown; flush: unknown }[]
  return { bills: Number(row?.bills), soldMinor: Number(row?.sold), isDurable: Number(row?.flush) === 1 }
}
