import { createWriteStream, existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import {
  type BadRow,
  type ImportChange,
  type ImportMapping,
  type ImportState,
  Problem,
} from '@nexus/contract'
import type { Context } from '../../../context.ts'
import type { Author } from '../save-products.ts'
import { openBadRowsFile } from './bad-rows-file.ts'
import { openChangesFile } from './changes-file.ts'
import { checkMapping } from './check-mapping.ts'
import { importFigures } from './import-figures.ts'
import { type ImportCounts, type ImportOptions, importProducts } from './import-products.ts'
import { openRows } from './read-rows.ts'
import { claimImport, findImport, type ImportRun, latestImports, replaceImport, updateImport } from './sql.ts'

/** Imports of the back office: files in the data folder, outcomes in `import_run`, work beside requests. */
export type Imports = {
  upload(id: string, fileName: string, content: Readable, by: string): Promise<ImportState>
  /** Begins a dry run or a run and answers at once. */
  start(
    id: string,
    mapping: ImportMapping,
    work: 'checking' | 'running',
    author: ImportAuthor,
  ): Promise<ImportState>
  find(id: string): Promise<ImportState>
  latest(): Promise<ImportState[]>
  /** Path of the file of bad rows; undefined before the first check. */
  badRows(id: string): Promise<string | undefined>
  /** Path of the file of changes of prices or MRPs; undefined before the first check, and of products. */
  changes(id: string): Promise<string | undefined>
  /** Ends what is under way after its portion, and waits for it. */
  stop(): Promise<void>
}
type ImportAuthor = Omit<Author, 'at'>

/** An import that has not said anything for so long is not worked on any more. */
const silentMsMax = 60_000
/** How often progress is written. */
const beatEveryMs = 500
/** Bad rows, and changes, that the answer shows; the files have all. */
const shownMax = 100

/** One for each app; its `stop` belongs to the end of the app. */
export function openImports(context: Context): Imports {
  const { database, clock } = context
  const folder = join(context.config.DATA_DIR, 'imports')
  const pathOf = (id: string) => join(folder, `${id}.csv`)
  const badRowsPathOf = (id: string) => join(folder, `${id}.bad-rows.csv`)
  const changesPathOf = (id: string) => join(folder, `${id}.changes.csv`)
  const ending = new AbortController()
  const working = new Set<Promise<void>>()

  const find = async (id: string): Promise<ImportState> => stateOf(await known(id), clock.now())

  const known = async (id: string): Promise<ImportRun> => {
    const run = await findImport(database.read, id)
    if (run) return run
    throw new Problem('import/not-found', 'There is no such import. Upload the file first.', { importId: id })
  }

  const work = async (
    id: string,
    mapping: ImportMapping,
    dryRun: boolean,
    author: ImportAuthor,
  ): Promise<void> => {
    const shown: BadRow[] = []
    const at = clock.now()
    let beatAt = at
    let last: ImportCounts | undefined
    const write = async (progress: Parameters<typeof updateImport>[3]) => {
      beatAt = clock.now()
      await database.write(async (tx) => await updateImport(tx, id, beatAt, progress))
    }
    const { columns } = await known(id)
    const file = openBadRowsFile(badRowsPathOf(id), columns)
    const changes: ImportChange[] = []
    const kind = mapping.kind ?? 'products'
    const changesFile = kind === 'products' ? undefined : openChangesFile(changesPathOf(id), kind, at)
    const close = async () => {
      await file.close()
      await changesFile?.close()
    }
    try {
      const options: ImportOptions = {
        dryRun,
        author,
        signal: ending.signal,
        async onBadRow(bad, values) {
          if (shown.length < shownMax) shown.push(bad)
          await file.add(bad, values)
        },
        async onProgress(progress) {
          last = progress
          if (clock.now() - beatAt >= beatEveryMs) await write({ ...progress, badRows: shown, changes })
        },
      }
      const onChange = async (change: ImportChange) => {
        if (changes.length < shownMax) changes.push(change)
        await changesFile?.add(change)
      }
      const counts =
        kind === 'products'
          ? await importProducts(context, pathOf(id), mapping, options)
          : await importFigures(context, pathOf(id), mapping, { ...options, at, onChange })
      await close()
      await write({
        ...counts,
        badRows: shown,
        changes,
        state: dryRun ? 'checked' : 'done',
        finishedAt: clock.now(),
      })
    } catch (error) {
      await close().catch(() => undefined)
      if (!(error instanceof Problem) && !ending.signal.aborted)
        context.log.error({ err: error, importId: id }, 'an import failed')
      await write({
        ...last,
        badRows: shown,
        changes,
        state: 'failed',
        message: messageOf(error),
        finishedAt: clock.now(),
      })
    }
  }

  return {
    find,

    async upload(id, fileName, content, by) {
      const now = clock.now()
      const before = await findImport(database.read, id)
      if (before && isWorkedOn(before, now)) throw running(id)
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const arriving = `${pathOf(id)}.part`
      try {
        await pipeline(content, createWriteStream(arriving, { mode: 0o600 }))
        const { columns, sample } = await openRows(arriving)
        await rename(arriving, pathOf(id))
        await rm(badRowsPathOf(id), { force: true })
        await rm(changesPathOf(id), { force: true })
        const run: ImportRun = {
          id,
          fileName: fileName.slice(-250),
          state: 'uploaded',
          columns,
          sample,
          mapping: null,
          dryRun: false,
          rowsTotal: null,
          rowsRead: 0,
          rowsCreated: 0,
          rowsChanged: 0,
          rowsSame: 0,
          rowsBad: 0,
          badRows: [],
          changes: [],
          message: null,
          by,
          createdAt: now,
          finishedAt: null,
          beatAt: now,
        }
        await database.write(async (tx) => await replaceImport(tx, run))
        return stateOf(run, now)
      } finally {
        await rm(arriving, { force: true })
      }
    },

    async start(id, mapping, state, author) {
      const run = await known(id)
      checkMapping(mapping, run.columns)
      const at = clock.now()
      const mine = await database.write(
        async (tx) => await claimImport(tx, id, { state, mapping, at, aliveAfter: at - silentMsMax }),
      )
      if (!mine) throw running(id)
      await rm(changesPathOf(id), { force: true })
      const done = work(id, mapping, state === 'checking', author)
        .catch((error: unknown) =>
          context.log.error({ err: error, importId: id }, 'an import could not be recorded'),
        )
        .finally(() => working.delete(done))
      working.add(done)
      return await find(id)
    },

    async latest() {
      const now = clock.now()
      return (await latestImports(database.read, 20)).map((run) => stateOf(run, now))
    },

    async badRows(id) {
      await known(id)
      return existsSync(badRowsPathOf(id)) ? badRowsPathOf(id) : undefined
    },

    async changes(id) {
      await known(id)
      return existsSync(changesPathOf(id)) ? changesPathOf(id) : undefined
    },

    async stop() {
      ending.abort()
      await Promise.all(working)
    },
  }
}

const stopped =
  'The server stopped during this import. Start it again: rows that are in already are found the same.'

function isWorkedOn(run: ImportRun, now: number): boolean {
  return (run.state === 'checking' || run.state === 'running') && now - run.beatAt <= silentMsMax
}

/** As people see it: what nobody works on any more has failed. */
function stateOf({ beatAt, ...state }: ImportRun, now: number): ImportState {
  const isUnderWay = state.state === 'checking' || state.state === 'running'
  if (!isUnderWay || isWorkedOn({ beatAt, ...state }, now)) return state
  return { ...state, state: 'failed', message: stopped, finishedAt: beatAt }
}

function running(importId: string): Problem {
  return new Problem(
    'import/running',
    'This import is being worked on. Wait until it has ended, then start it again.',
    { importId },
  )
}

function messageOf(error: unknown): string {
  if (error instanceof Problem) return error.message
  if ((error as Error).name === 'AbortError') return stopped
  return 'Something went wrong on our side. Start the import again; if it fails again, look into the log of the server.'
}
