import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  checkJournal,
  JournalFileError,
  type JournalFileLine,
  type JournalReport,
  readJournalLines,
} from '@nexus/sync'
import { dice } from '@nexus/sync/testing'
import { beforeAll, expect, test } from 'vitest'
import { migrate } from '../../../db/migrate.ts'
import { sqlitePath } from '../../../db/open.ts'
import { openSqlite } from '../../../db/sqlite.ts'
import { journalTools } from '../journal-tools.ts'
import { type Exports, makeExports } from '../testing/tampering/make-exports.ts'
import { type Tampered, tamperings } from '../testing/tampering/tamperings.ts'

/** `npm run tamper` asks for more. */
const COUNT = Number(process.env.TAMPERINGS ?? 1000)
const SEED = Number(process.env.TAMPER_SEED ?? 1)
const INDEPENDENT = 300
const python = spawnSync('python3', ['--version']).status === 0
const verifier = fileURLToPath(
  new URL('../../../../../../tests/independent/verify_journal.py', import.meta.url),
)

type Verdict = {
  verdict: JournalReport['verdict'] | 'unreadable'
  epoch: string | null
  seq: number | null
  since: number | null
  cause: string | null
}

let folder = ''
let exports: Exports
let check: (text: string | Buffer, hqKey: string | undefined) => Promise<Verdict>

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nexus-tamper-'))
  const database = await openSqlite(sqlitePath(folder), { readers: 1, busyMs: 5000 })
  await migrate(database, { now: 0 })
  exports = await makeExports(database)
  await database.close()
  const tools = journalTools([exports.enrolmentKey])
  // The same signatures stand in every one of the files.
  const known = new Map<string, boolean>()
  const verify: typeof tools.verify = (key, bytes, signature) => {
    const name = `${key} ${Buffer.from(bytes).toString('latin1')} ${signature}`
    const found = known.get(name) ?? tools.verify(key, bytes, signature)
    known.set(name, found)
    return found
  }
  check = async (text, hqKey) => {
    try {
      const report = await checkJournal(() => readJournalLines([Buffer.from(text)]), {
        ...tools,
        verify,
        ...(hqKey ? { hqKey } : {}),
        isHqAsked: hqKey !== undefined,
      })
      const { firstBad, faults } = report
      return {
        verdict: report.verdict,
        epoch: firstBad?.epoch ?? null,
        seq: firstBad?.seq ?? null,
        since: firstBad?.since ?? firstBad?.seq ?? null,
        cause: firstBad?.cause ?? faults[0]?.cause ?? null,
      }
    } catch (error) {
      if (!(error instanceof JournalFileError)) throw error
      return { verdict: 'unreadable', epoch: null, seq: null, since: null, cause: error.message }
    }
  }
  return () => rmSync(folder, { recursive: true, force: true })
})

/** The nth tampering of the run; each kind in turn, so that all come equally often. */
function tamper(n: number): { kind: string; tampered: NonNullable<Tampered> } | undefined {
  const kinds = Object.entries(tamperings)
  const rolled = dice(SEED * 1_000_003 + n)
  const [kind, change] = kinds[n % kinds.length] ?? ['', () => null]
  for (let tries = 0; tries < 200; tries++) {
    const lines = rolled.pick(exports.files)
    const parsed = lines.map((line) => JSON.parse(line) as JournalFileLine)
    const tampered = change({ lines, parsed, exports, dice: rolled })
    const original = lines.map((line) => `${line}\n`).join('')
    if (tampered !== null && tampered.text.toString('latin1') !== Buffer.from(original).toString('latin1')) {
      return { kind, tampered }
    }
  }
  return undefined
}

test('[JRN-17d] exports that nobody touched are good, with holes, forks, returns and quarantine in them', async () => {
  for (const lines of exports.files) {
    expect(await check(lines.join('\n'), exports.hqKey)).toMatchObject({ verdict: 'good', cause: null })
  }
  const kinds = new Set(exports.files[0]?.map((line) => JSON.parse(line).kind))
  expect([...kinds].toSorted()).toEqual([
    'checkpoint',
    'entry',
    'epoch',
    'hole',
    'nexus-journal',
    'personal',
    'quarantined',
    'received',
    'root',
    'statement',
  ])
})

test(`[JRN-17d, JRN-17c] ${COUNT} tamperings of exports are all found, each with its cause`, {
  timeout: 3_600_000,
}, async () => {
  const table = new Map<
    string,
    { tried: number; found: number; placed: number; named: number; causes: Set<string> }
  >()
  const missed: string[] = []
  for (let n = 0; n < COUNT; n++) {
    const done = tamper(n)
    if (done === undefined) continue
    const { kind, tampered } = done
    const { verdict, cause, epoch, seq, since } = await check(tampered.text, exports.hqKey)
    const row = table.get(kind) ?? { tried: 0, found: 0, placed: 0, named: 0, causes: new Set() }
    table.set(kind, row)
    row.tried++
    const isFound = (verdict === 'bad' || verdict === 'unreadable') && cause !== null
    if (isFound) row.found++
    else missed.push(`${n} ${kind}: ${verdict}`)
    if (cause !== null) row.causes.add(verdict === 'unreadable' ? 'unreadable' : cause)
    const { place } = tampered
    if (place !== undefined && isFound && verdict === 'bad') {
      row.placed++
      if (epoch === place.epoch && seq === place.seq) row.named++
      // Where links cannot tell, the change lies between what is proven and what does not fit.
      else if (epoch !== place.epoch || place.seq < (since ?? 0) || place.seq > (seq ?? 0)) {
        missed.push(`${n} ${kind}: named ${epoch} ${since}–${seq}, was ${place.epoch} ${place.seq}`)
      }
    }
  }
  const rows = [...table].map(([kind, { tried, found, placed, named, causes }]) => {
    const share = placed > 0 ? `${named}/${placed}` : ''
    return `${kind.padEnd(64)} ${String(tried).padStart(5)} ${String(found).padStart(5)} ${share.padStart(9)}  ${[...causes].join(', ')}`
  })
  const head = `${'tampering'.padEnd(64)} tried found   exactly  causes`
  const sum = [...table.values()].reduce((total, { tried }) => total + tried, 0)
  console.log([head, ...rows, `${sum} tamperings, ${sum - missed.length} found, seed ${SEED}`].join('\n'))
  expect(missed).toEqual([])
  expect([...table.keys()].toSorted()).toEqual(Object.keys(tamperings).toSorted())
  expect(sum).toBe(COUNT)
})

test(`[JRN-17f] a verifier written from docs/journal-file.md alone agrees on ${INDEPENDENT} tamperings (needs python3)`, async ({
  skip,
}) => {
  skip(!python, 'it needs python3')
  const cases: { file: string; hqKey: string | undefined; expected: Verdict }[] = []
  const add = async (text: string | Buffer, hqKey: string | undefined) => {
    const file = join(folder, `${cases.length}.jsonl`)
    writeFileSync(file, text)
    cases.push({ file, hqKey, expected: await check(text, hqKey) })
  }
  for (const lines of exports.files) {
    for (const key of [exports.hqKey, undefined]) await add(lines.join('\n'), key)
    // As a till would have written it: without a line of headquarters.
    await add(
      lines.filter((line) => !/"kind":"(root|received|statement|quarantined)"/.test(line)).join('\n'),
      undefined,
    )
  }
  for (let n = 0; cases.length < INDEPENDENT + 9; n++) {
    const done = tamper(n)
    if (done) await add(done.tampered.text, n % 5 === 4 ? undefined : exports.hqKey)
  }
  for (const hqKey of [exports.hqKey, undefined]) {
    const chosen = cases.filter((one) => one.hqKey === hqKey)
    const { stdout, stderr } = spawnSync(
      'python3',
      [verifier, exports.enrolmentKey, hqKey ?? '-', ...chosen.map(({ file }) => file)],
      { encoding: 'utf8', maxBuffer: 2 ** 26 },
    )
    expect(stderr).toBe('')
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const differing = chosen.flatMap(({ file, expected }, index) => {
      const { verdict, epoch = null, seq = null } = answers[index] ?? {}
      const isSame = verdict === expected.verdict && epoch === expected.epoch && seq === expected.seq
      return isSame ? [] : [{ file, expected, answer: answers[index] }]
    })
    expect(differing).toEqual([])
  }
  const verdicts = new Set(cases.map(({ expected }) => expected.verdict))
  expect([...verdicts].toSorted()).toEqual(['bad', 'good', 'unproven', 'unreadable'])
}, 600_000)
