import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { buildPage } from '../browser-device/device.ts'
import { sellOverBadLine } from './bad-line.ts'
import { killBrowsers, withSaboteur } from './browser-kills.ts'
import { cutMariadb, cutSqlite, cutTill } from './power-cuts.ts'
import { killDatabase, killServer } from './server-kills.ts'

/** `npm run rig -- browser-kills --count 500 --seed 1 --report FILE`. */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '25' },
    seed: { type: 'string', default: '1' },
    control: { type: 'boolean', default: false },
    report: { type: 'string' },
  },
})
const count = Number(values.count)
const seed = Number(values.seed)
const say = (line: string) => console.log(line)

const cutting = { cuts: count, seed, forgetful: values.control, say }
const rigs: { [name: string]: () => Promise<object> } = {
  'browser-kills': () =>
    withSabotagedPage((folder) =>
      killBrowsers(folder, {
        kills: count,
        seed,
        say,
        ...(values.control && { sabotage: 'early' as const }),
      }),
    ),
  'bad-line': () => withPage((folder) => sellOverBadLine(folder, { sales: count, seed })),
  'power-till': () => withSabotagedPage((folder) => cutTill(folder, { ...cutting, backend: 'leveldb' })),
  'power-till-sqlite': () =>
    withSabotagedPage((folder) => cutTill(folder, { ...cutting, backend: 'sqlite' })),
  'power-sqlite': () => cutSqlite(cutting),
  'power-mariadb': () => cutMariadb(cutting),
  'server-kills': () => killServer({ kills: count, seed, say }),
  'database-kills': () => killDatabase({ kills: count, seed, say }),
}

function withSabotagedPage<T>(use: (folder: string) => Promise<T>): Promise<T> {
  return withPage((folder) => {
    withSaboteur(folder)
    return use(folder)
  })
}

async function withPage<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const built = await buildPage()
  try {
    return await use(built.folder)
  } finally {
    built.remove()
  }
}

const name = positionals[0] ?? ''
const run = rigs[name]
if (run === undefined) {
  console.error(`Which rig? ${Object.keys(rigs).join(', ')}`)
  process.exit(2)
}
const startedAt = performance.now()
const report = { rig: name, seed, control: values.control, ...(await run()) }
console.log(JSON.stringify(report, null, 2))
console.log(`${Math.round((performance.now() - startedAt) / 1000)} s`)
if (values.report) writeFileSync(values.report, `${JSON.stringify(report, null, 2)}\n`)
