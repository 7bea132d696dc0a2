import { createReadStream, statSync } from 'node:fs'
import { isDate } from '@nexus/domain'
import {
  checkJournal,
  type JournalCheckTools,
  JournalFileError,
  type JournalReport,
  readJournalLines,
  SHORT_HASH,
} from '@nexus/sync'
import { journalTools } from '../modules/journal/index.ts'
import { CommandError, defineCommand } from './command.ts'
import { describeJournal } from './describe-journal.ts'
import { configForCommand } from './open-for-command.ts'
import { ownPublicKey } from './own-public-key.ts'

const exitCodes: Record<JournalReport['verdict'], number> = { good: 0, bad: 1, unproven: 3 }
const unreadable = 2

export const command = defineCommand({
  summary: 'Check an exported journal, without a server.',
  arguments: ['FILE'],
  options: {
    'enrolment-key': {
      type: 'string',
      value: 'KEY',
      help: "Public key that signs the chain's enrolments, as nexus doctor shows it.",
    },
    'hq-key': {
      type: 'string',
      value: 'KEY',
      help: 'Public key of headquarters: the file must bear its signatures.',
    },
    trusted: {
      type: 'string',
      value: 'EPOCH:SEQ:HASH',
      help: 'A head that you trust for another reason. A bill shows its code, seq and short hash.',
    },
    root: { type: 'string', value: 'DAY:HASH', help: "A day's root as headquarters published it." },
    json: { type: 'boolean', help: 'Print the report as JSON.' },
  },
  more: `Says of each epoch up to which entry a signature, root or trusted head vouches for every byte, and names
the first bad entry, why it is bad, and its neighbours. Keys are never taken from the file: without options
those of this data folder are used, where there are any. docs/journal-file.md describes the file.

Ends with 0 when every entry is proven, 1 when something is bad, 2 when the file is no journal file or a
line of it cannot be read, 3 when nothing is bad but not every entry is proven.`,
  async run({ values, arguments: [path = ''], io }) {
    const config = configForCommand(io)
    const enrolmentKey = values['enrolment-key'] ?? ownPublicKey(config, 'ENROLMENT_KEY')
    if (!enrolmentKey) {
      throw new CommandError(
        'Which chain is it? Give --enrolment-key; nexus doctor shows it where the server is.',
      )
    }
    const hqKey = values['hq-key'] ?? ownPublicKey(config, 'HQ_KEY')
    const trusted = readTrusted(values.trusted)
    const trustedRoot = readRoot(values.root)
    const report = await readAndCheck(path, {
      ...journalTools([enrolmentKey]),
      ...(hqKey ? { hqKey } : {}),
      isHqAsked: values['hq-key'] !== undefined,
      ...(trusted ? { trusted } : {}),
      ...(trustedRoot ? { trustedRoot } : {}),
    })
    io.print(values.json ? JSON.stringify(report, null, 2) : describeJournal(report, { hqKey }))
    if (report.verdict !== 'good') throw new CommandError('', { exitCode: exitCodes[report.verdict] })
  },
})

async function readAndCheck(path: string, tools: JournalCheckTools): Promise<JournalReport> {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) throw new CommandError(`There is no file ${path}.`, { exitCode: unreadable })
  if (!found.isFile()) throw new CommandError(`${path} is no file.`, { exitCode: unreadable })
  try {
    return await checkJournal(() => readJournalLines(createReadStream(path)), tools)
  } catch (error) {
    if (!(error instanceof JournalFileError)) throw error
    throw new CommandError(`${path}: ${error.message}.`, { cause: error, exitCode: unreadable })
  }
}

function readTrusted(text: string | undefined): { epoch: string; seq: number; hash: string } | undefined {
  if (text === undefined) return undefined
  const [epoch, seq, hash] = text.split(':')
  if (!epoch || !hash || hash.length < SHORT_HASH || !/^[1-9]\d{0,14}$/.test(seq ?? '')) {
    throw new CommandError(
      '--trusted is written EPOCH:SEQ:HASH: the id of the epoch or its code, the number of the entry, and its hash or the first 8 characters of it.',
    )
  }
  return { epoch, seq: Number(seq), hash }
}

function readRoot(text: string | undefined): { day: string; hash: string } | undefined {
  if (text === undefined) return undefined
  const [day = '', hash = ''] = text.split(':')
  if (!isDate(day) || !/^[A-Za-z0-9_-]{43}$/.test(hash)) {
    throw new CommandError('--root is written DAY:HASH, e.g. 2026-11-22: and the 43 characters of its hash.')
  }
  return { day, hash }
}
