import { createReadStream, existsSync } from 'node:fs'
import { Problem } from '@nexus/contract'
import { JournalFileError, readJournalLines } from '@nexus/sync'
import { openJournalForCommand } from '../build-app.ts'
import { type ImportedEpoch, importJournal, type JournalImport } from '../modules/journal/index.ts'
import { CommandError, defineCommand } from './command.ts'
import { openForCommand } from './open-for-command.ts'

export const command = defineCommand({
  summary: 'Take in a journal file that a till saved.',
  arguments: ['FILE'],
  options: {},
  more: `For a till that cannot send any more: its file gives what it held. Entries are taken in as if the till had
sent them, each once, however often and from wherever they come. Nothing is taken that the till has not
signed; a file that was cut off gives what it holds up to its last signature.`,
  async run({ arguments: [path = ''], io }) {
    if (!existsSync(path)) throw new CommandError(`There is no file ${path}.`)
    await using context = await openForCommand(io)
    const journal = await openJournalForCommand(context)
    let imported: JournalImport
    try {
      imported = await importJournal({ ...context, journal }, () => readJournalLines(createReadStream(path)))
    } catch (error) {
      throw wordsFor(path, error)
    } finally {
      await journal.close()
    }
    for (const epoch of imported.epochs) io.print(describe(epoch))
    const { brokenAt, report } = imported
    if (brokenAt !== null) io.print(`The file is not whole. ${brokenAt}.`)
    const bad = report.firstBad
    if (bad) {
      io.print(
        `Entry ${bad.seq} of ${bad.epoch} is not as it was written: from there on nothing was taken. nexus verify says more.`,
      )
    }
    const left = imported.epochs.reduce((sum, epoch) => sum + epoch.unsigned + epoch.refused, 0)
    if (left > 0 || bad || brokenAt !== null) {
      const what = left === 1 ? 'One entry of the file was' : `${left} entries of the file were`
      throw new CommandError(left > 0 ? `${what} not taken.` : '')
    }
  },
})

function wordsFor(path: string, error: unknown): unknown {
  if (error instanceof JournalFileError)
    return new CommandError(`${path}: ${error.message}.`, { cause: error })
  if (error instanceof Problem && error.code === 'device/unknown') {
    return new CommandError('The file is of a register that this chain does not have. Nothing was taken.', {
      cause: error,
    })
  }
  return error
}

function describe({ epoch, code, fresh, known, waiting, forked, unsigned, refused }: ImportedEpoch): string {
  const parts = [
    `${fresh} new`,
    `${known} known`,
    ...(waiting > 0 ? [`${waiting} of these wait in quarantine`] : []),
    ...(forked > 0 ? [`${forked} kept aside, as their places hold others`] : []),
    ...(unsigned > 0 ? [`${unsigned} not signed by the till`] : []),
    ...(refused > 0 ? [`${refused} not taken, as what comes before them is missing here`] : []),
  ]
  return `Epoch ${code ?? epoch}: ${parts.join(', ')}`
}
