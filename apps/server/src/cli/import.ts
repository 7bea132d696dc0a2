import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import {
  type BadRow,
  type ImportChange,
  type ImportKind,
  ImportMapping,
  importFieldsOf,
  Problem,
} from '@nexus/contract'
import { Value } from 'typebox/value'
import {
  type ImportCounts,
  type ImportOptions,
  importFigures,
  importProducts,
  openBadRowsFile,
  openChangesFile,
  openRows,
} from '../modules/catalogue/index.ts'
import { CommandError, defineCommand, type Io } from './command.ts'
import { openForCommand } from './open-for-command.ts'

/** Bad rows that are printed; the file has all. */
const printedMax = 20

export const command = defineCommand({
  summary: 'Import products, prices or MRPs from a CSV file.',
  arguments: ['WHAT', 'FILE'],
  options: {
    map: { type: 'string', value: 'MAP.json', help: 'Says which column is what; see docs/import.md.' },
    'dry-run': { type: 'boolean', help: 'Check every row and write nothing.' },
    'bad-rows': { type: 'string', value: 'OUT.csv', help: 'Write rows that were not taken to this file.' },
    changes: {
      type: 'string',
      value: 'OUT.csv',
      help: 'Write what changes, from what to what, to this file.',
    },
    json: { type: 'boolean', help: 'Print the outcome as JSON.' },
  },
  more: 'WHAT is products, prices or mrp. Importing a file again changes only what differs.',
  async run({ values, arguments: [what, path = ''], io }) {
    if (!isKind(what)) throw new CommandError(`WHAT is products, prices or mrp, not ${what}. See --help.`)
    if (!existsSync(path)) throw new CommandError(`There is no file ${path}. Check its name.`)
    const mapping = { ...readMapping(values.map), kind: what }
    for (const name of ['bad-rows', 'changes'] as const) {
      if (values[name] !== undefined && resolve(values[name]) === resolve(path)) {
        throw new CommandError(`--${name} names the file itself. Choose another name.`)
      }
    }
    if (values.changes !== undefined && what === 'products') {
      throw new CommandError('--changes is for prices and MRPs. Leave it out.')
    }
    const printBadRow = badRowPrinter(io)
    await using context = await openForCommand(io)
    const counts = await runImport(path, values['bad-rows'], async (onBadRow) => {
      const options: ImportOptions = {
        dryRun: values['dry-run'],
        author: { by: null, how: 'import' },
        onBadRow: async (bad, cells) => {
          if (!values.json) printBadRow(bad)
          await onBadRow(bad, cells)
        },
      }
      if (what === 'products') return await importProducts(context, path, mapping, options)
      const at = context.clock.now()
      const changes = values.changes === undefined ? undefined : openChangesFile(values.changes, what, at)
      try {
        const onChange = async (change: ImportChange) => await changes?.add(change)
        return await importFigures(context, path, mapping, { ...options, at, onChange })
      } finally {
        await changes?.close()
      }
    })
    io.print(values.json ? JSON.stringify(counts) : summaryOf(counts, values['dry-run'], values['bad-rows']))
  },
})

function isKind(what: string | undefined): what is ImportKind {
  return what !== undefined && Object.hasOwn(importFieldsOf, what)
}

type OnBadRow = (bad: BadRow, cells: readonly string[]) => Promise<void>

async function runImport(
  path: string,
  badRowsPath: string | undefined,
  work: (onBadRow: OnBadRow) => Promise<ImportCounts>,
): Promise<ImportCounts> {
  try {
    if (badRowsPath === undefined) return await work(async () => undefined)
    const file = openBadRowsFile(badRowsPath, (await openRows(path)).columns)
    try {
      return await work(async (bad, cells) => await file.add(bad, cells))
    } finally {
      await file.close()
    }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const more = error.errors.slice(1).map(({ field, message }) => `\n${field}: ${message}`)
    throw new CommandError(error.message + more.join(''), { cause: error })
  }
}

function readMapping(path: string | undefined): ImportMapping {
  if (path === undefined)
    throw new CommandError('--map is missing: it says which column is what. See docs/import.md.')
  if (!existsSync(path)) throw new CommandError(`There is no file ${path}. Check the name after --map.`)
  let mapping: unknown
  try {
    mapping = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new CommandError(`${path} is not JSON: ${(error as Error).message}`, { cause: error })
  }
  if (Value.Check(ImportMapping, mapping)) return mapping
  const faults = Value.Errors(ImportMapping, mapping).map(
    (fault) => `${fault.instancePath || '/'} ${fault.message}`,
  )
  throw new CommandError(
    `${path} is not a mapping (docs/import.md shows one):\n${[...new Set(faults)].join('\n')}`,
  )
}

/** Prints the first bad rows, one line each, and says once that there are more. */
function badRowPrinter(io: Io): (bad: BadRow) => void {
  let printed = 0
  return (bad) => {
    printed++
    if (printed <= printedMax) io.print(`line ${bad.line}, ${bad.field}: ${bad.reason} ${bad.remedy}`)
    if (printed === printedMax + 1) io.print('… and more; --bad-rows OUT.csv writes them all to a file.')
  }
}

function summaryOf(counts: ImportCounts, dryRun: boolean, badRowsPath: string | undefined): string {
  const rows = (count: number) => `${count} ${count === 1 ? 'row' : 'rows'}`
  const would = dryRun ? 'would be ' : ''
  return [
    `${rows(counts.rowsRead)} read: ${counts.rowsCreated} ${would}created, ${counts.rowsChanged} ${would}changed, ${counts.rowsSame} the same, ${counts.rowsBad} bad.`,
    ...(dryRun ? ['Nothing was written.'] : []),
    ...(counts.rowsBad > 0 && badRowsPath !== undefined
      ? [`Bad rows are in ${badRowsPath}: correct them there and import that file with the same mapping.`]
      : []),
    ...(dryRun || counts.rowsCreated + counts.rowsChanged === 0
      ? []
      : ['Tills get them with the next published rulebook.']),
  ].join('\n')
}
