import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { inventChain } from '@nexus/seed'
import { parse } from 'csv-parse'
import { makeChain } from '../../../tests/support/nexus.ts'
import { type Benchmark, median } from './report.ts'

const rowCount = 100_000

/**
 * `import`: 100,000 products from a CSV file by `nexus import`, beside a bare program that parses the same
 * file and writes its cells into one table with the same durability.
 */
export const benchmark: Benchmark = async ({ rounds, say }) => {
  const folder = mkdtempSync(join(tmpdir(), 'nexus-bench-'))
  try {
    const { file, map } = writeFiles(folder)
    const own: number[] = []
    const bare: number[] = []
    for (let round = 0; round < rounds; round++) {
      bare.push(await bareImport(file, join(folder, `bare-${round}.db`)))
      own.push(await ownImport(file, map))
      say(`round ${round + 1}: bare ${bare.at(-1)?.toFixed(1)} s, nexus import ${own.at(-1)?.toFixed(1)} s`)
    }
    const ratio = median(own.map((seconds, round) => seconds / (bare[round] ?? 1)))
    const seconds = median(own)
    return {
      figures: [
        { what: 'bare: parse and insert', values: { s: median(bare), 'rows/s': rowCount / median(bare) } },
        {
          what: 'nexus import products',
          values: { s: seconds, 'rows/s': rowCount / seconds },
          ratio: { of: 'the bare time', value: ratio },
        },
      ],
      aims: [{ aim: '100,000 rows in 15 s', reached: seconds <= 15, measured: `${seconds.toFixed(1)} s` }],
      notes: [],
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function writeFiles(folder: string): { file: string; map: string } {
  const chain = inventChain({ seed: 11, stores: 1, registersPerStore: 1, products: rowCount, staff: 1 })
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
  const rows = chain.products.map((product) =>
    [
      product.sku,
      product.names.en,
      product.names.hi,
      product.brand,
      product.category,
      product.hsn,
      product.uqc,
      product.taxClassId === 'NIL' ? 'NIL' : 'GST18',
      product.barcode,
      (product.priceMinor / 100).toFixed(2),
      ((product.batches[0]?.mrpMinor ?? 0) / 100).toFixed(2),
    ]
      .map(quoted)
      .join(','),
  )
  const file = join(folder, 'products.csv')
  const map = join(folder, 'map.json')
  const columns = [
    'sku',
    'name',
    'name_hi',
    'brand',
    'category',
    'hsn',
    'unit',
    'tax',
    'barcode',
    'price',
    'mrp',
  ]
  writeFileSync(file, `${columns.join(',')}\n${rows.join('\n')}\n`)
  const column = (name: string) => ({ column: name })
  writeFileSync(
    map,
    JSON.stringify({
      key: ['sku'],
      fields: {
        sku: column('sku'),
        name: column('name'),
        nameHi: column('name_hi'),
        brand: column('brand'),
        category: column('category'),
        hsn: column('hsn'),
        uqc: column('unit'),
        taxClass: column('tax'),
        barcode: column('barcode'),
        price: column('price'),
        mrp: column('mrp'),
      },
    }),
  )
  return { file, map }
}

/** Seconds of `nexus import`, its start and an empty shop's migration not counted. */
async function ownImport(file: string, map: string): Promise<number> {
  const chain = await makeChain()
  try {
    await chain.beginShop()
    const startedAt = performance.now()
    const counts = JSON.parse(await chain.nexus('import', 'products', file, '--map', map, '--json'))
    const seconds = (performance.now() - startedAt) / 1000
    if (counts.rowsCreated !== rowCount) throw new Error(`void: ${JSON.stringify(counts)}`)
    return seconds
  } finally {
    await chain.dispose()
  }
}

async function bareImport(file: string, path: string): Promise<number> {
  const startedAt = performance.now()
  const db = new DatabaseSync(path)
  db.exec(
    'PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t (a, b, c, d, e, f, g, h, i PRIMARY KEY, j, k)',
  )
  const insert = db.prepare('INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  db.exec('BEGIN')
  let rows = 0
  for await (const cells of createReadStream(file).pipe(parse({ fromLine: 2 }))) {
    insert.run(...(cells as string[]))
    if (++rows % 500 === 0) db.exec('COMMIT; BEGIN')
  }
  db.exec('COMMIT')
  db.close()
  return (performance.now() - startedAt) / 1000
}
