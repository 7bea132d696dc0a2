import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto'
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { formatRupees } from '@nexus/domain'
import { type ChainReport, type Hole, type JournalFile, readJournalFile, verifyChain } from '@nexus/sync'
import type { Config } from '../config.ts'
import { secretsFolder } from '../secrets.ts'
import { CommandError, defineCommand } from './command.ts'
import { configForCommand } from './open-for-command.ts'

export const command = defineCommand({
  summary: 'Check an exported journal, without a server.',
  arguments: ['FILE'],
  options: {
    'enrolment-key': {
      type: 'string',
      value: 'KEY',
      help: "Public key that signs the chain's enrolments, as nexus doctor shows it.",
    },
    trusted: {
      type: 'string',
      value: 'EPOCH:SEQ:HASH',
      help: 'A head that you trust for another reason, e.g. written down at a day’s end.',
    },
    json: { type: 'boolean', help: 'Print the report as JSON.' },
  },
  more: `Says of each epoch up to which entry a signature or the trusted head vouches for every byte, and names
the first bad entry. Without --enrolment-key the key of this data folder is used. Fails when something is bad.`,
  async run({ values, arguments: [path = ''], io }) {
    const config = configForCommand(io)
    const enrolmentKey = values['enrolment-key'] ?? ownEnrolmentKey(config)
    if (!enrolmentKey) {
      throw new CommandError(
        'Which chain is it? Give --enrolment-key; nexus doctor shows it where the server is.',
      )
    }
    const trusted = readTrusted(values.trusted)
    const file = await readFile(path)
    const reports = file.epochs.map(({ epoch, entries, checkpoints, base }) =>
      verifyChain(
        {
          epoch,
          entries,
          checkpoints,
          holes: holesBelow(base),
          trusted: trusted?.epoch === epoch ? trusted : null,
        },
        {
          sha256: (bytes) => hash('sha256', bytes, 'buffer'),
          verify: verifySignature,
          enrolmentKeys: [enrolmentKey],
        },
      ),
    )
    io.print(values.json ? JSON.stringify(reports, null, 2) : reports.map(describe).join('\n\n'))
    if (!reports.every(isGood)) throw new CommandError('The journal is not as it was written.')
  },
})

/** What a till no longer kept when it exported: a gap that it names is no fault of the rest. */
function holesBelow(base: JournalFile['epochs'][number]['base']): Hole[] {
  return base === null ? [] : [{ fromSeq: 2, toSeq: base.seq, lastHash: base.hash }]
}

async function readFile(path: string): Promise<JournalFile> {
  if (!existsSync(path)) throw new CommandError(`There is no file ${path}.`)
  try {
    return await readJournalFile(createInterface({ input: createReadStream(path) }))
  } catch (error) {
    if (error instanceof SyntaxError) throw new CommandError(`${error.message}.`, { cause: error })
    throw error
  }
}

/** Public half of the key in the settings or the data folder; undefined where there is none. */
export function ownEnrolmentKey(config: Pick<Config, 'DATA_DIR' | 'ENROLMENT_KEY'>): string | undefined {
  const file = join(secretsFolder(config.DATA_DIR), 'ENROLMENT_KEY')
  const pem = config.ENROLMENT_KEY ?? (existsSync(file) ? readFileSync(file, 'utf8') : undefined)
  if (pem === undefined) return undefined
  return createPublicKey(pem).export({ type: 'spki', format: 'der' }).toString('base64url')
}

function readTrusted(text: string | undefined): { epoch: string; seq: number; hash: string } | undefined {
  if (text === undefined) return undefined
  const [epoch, seq, head] = text.split(':')
  if (!epoch || !head || !Number.isSafeInteger(Number(seq))) {
    throw new CommandError('--trusted is written EPOCH:SEQ:HASH.')
  }
  return { epoch, seq: Number(seq), hash: head }
}

function verifySignature(publicKey: string, bytes: Uint8Array, signature: string): boolean {
  const key = keyOf(publicKey)
  if (!key) return false
  return verify('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))
}

/** Undefined for text that is no key: the file may hold anything. */
function keyOf(spki: string): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(spki, 'base64url'), format: 'der', type: 'spki' })
  } catch {
    return undefined
  }
}

function isGood(report: ChainReport): boolean {
  return report.firstBad === null && report.wrongTotals.length === 0 && report.wrongNumbers.length === 0
}

const causes: Record<NonNullable<ChainReport['firstBad']>['cause'], string> = {
  missing: 'is missing',
  'broken-link': 'was changed, or something before or behind it was',
  'first-entry': 'does not open an epoch of this chain (is the enrolment key the right one?)',
  'wrong-place': 'belongs elsewhere',
  checkpoint: 'is not what the till signed',
  'trusted-head': 'is not the head that you trust',
}

function describe(report: ChainReport): string {
  const { firstBad, wrongTotals, wrongNumbers, unread, totals, provenSeq } = report
  const lines = [
    `Epoch ${report.epoch} (${report.code ?? 'code unknown'}), entries ${report.firstSeq} to ${report.lastSeq}`,
    firstBad ? `BAD: entry ${firstBad.seq} ${causes[firstBad.cause]}.` : 'The chain holds.',
    provenSeq > 0
      ? `Proven up to entry ${provenSeq}.`
      : 'Nothing vouches for it: no checkpoint and no trusted head.',
  ]
  if (wrongTotals.length > 0) lines.push(`BAD: totals do not add up at ${wrongTotals.join(', ')}.`)
  if (wrongNumbers.length > 0) {
    lines.push(
      `BAD: numbers out of order: ${wrongNumbers.map(({ seq, number }) => `${number} (${seq})`).join(', ')}.`,
    )
  }
  if (unread.length > 0) lines.push(`Not readable by this release, waiting: ${unread.join(', ')}.`)
  if (totals) lines.push(`${totals.sales} sales, ${formatRupees(totals.soldMinor)} sold.`)
  return lines.join('\n')
}
