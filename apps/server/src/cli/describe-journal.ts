import { formatDateTime, formatRupees } from '@nexus/domain'
import type { ChainReport, JournalReport, NamedFault, SlotInfo } from '@nexus/sync'

const causes: Record<NamedFault['cause'], string> = {
  missing: 'is missing',
  order: 'stands behind a later one, or twice',
  'broken-link': 'was changed, or something before or behind it was',
  'first-entry':
    'does not open an epoch of this register and this chain (is the enrolment key the right one?)',
  'wrong-place': 'belongs elsewhere: it names another epoch or number',
  hole: 'is declared lost with another hash than its successor names',
  checkpoint: 'is not what the till signed',
  received: 'is not what headquarters received',
  statement: 'is not what headquarters says it held',
  'trusted-head': 'is not the head that you trust',
  personal: 'has data of people beside it that does not fit it',
}

const fileCauses: Record<JournalReport['faults'][number]['cause'], string> = {
  root: 'the root of {day} is not signed by headquarters, or does not follow the day before',
  'trusted-root': 'the root of {day} is not the one that you trust',
  statement: 'the statement of headquarters at its end is not signed by its key, or is of another file',
  'no-statement':
    'it has no statement of headquarters at its end: it was cut off, or a till wrote it (leave --hq-key out then)',
  'trusted-head': 'it does not have the epoch of the head that you trust',
  empty: 'it has no epoch',
}

/** What `nexus verify` tells a person. */
export function describeJournal(report: JournalReport, { hqKey }: { hqKey: string | undefined }): string {
  const { header, epochs, faults, doubts, doubled, days, statement, revenue } = report
  const lines = [
    `Register ${header.register}, exported ${formatDateTime(header.exportedAt)}: ${count(report.entries, 'entry', 'entries')} in ${count(epochs.length, 'epoch', 'epochs')}`,
    ...faults.map(({ cause, day, line }) => {
      const text = fileCauses[cause].replace('{day}', day ?? '')
      return `BAD: ${line === null ? 'The file' : `Line ${line}`}: ${text}.`
    }),
    ...epochs.flatMap((epoch) => ['', ...describeEpoch(epoch)]),
    '',
    ...doubts.map((doubt) =>
      doubt.cause === 'root-absent'
        ? `Not certain: the file has no root of ${doubt.day}.`
        : `Not certain: the next epoch says that ${doubt.epoch} ended with entry ${doubt.seq}, which is not here. It may be kept apart as a fork, or cut off; --hq-key tells.`,
    ),
    ...doubled.map(
      ({ identity, epoch, seq, again }) =>
        `Entry ${seq} of ${epoch} stands again in entry ${again.seq} of ${again.epoch} and counts once (${identity.slice(0, 8)}).`,
    ),
  ]
  if (days) {
    const proven = days.provenTo ? `proven to ${days.provenTo}` : 'proven by nothing'
    lines.push(`Day roots from ${days.first} to ${days.last}, ${proven}.`)
  }
  if (statement?.isProven) {
    lines.push(`Headquarters held exactly this at ${formatDateTime(statement.exportedAt)}.`)
  } else if (statement && hqKey === undefined) {
    lines.push('Signatures of headquarters were not checked: give --hq-key.')
  }
  const { rehomedSoldMinor, rehomedReturnedMinor } = revenue
  lines.push(`${formatRupees(revenue.soldMinor)} sold, ${formatRupees(revenue.returnedMinor)} returned.`)
  if (rehomedSoldMinor + rehomedReturnedMinor > 0) {
    lines.push(
      `Apart from these, re-homed: ${formatRupees(rehomedSoldMinor)} sold, ${formatRupees(rehomedReturnedMinor)} returned.`,
    )
  }
  lines.push(verdicts[report.verdict])
  return lines.filter((line, index) => line !== '' || lines[index - 1] !== '').join('\n')
}

const verdicts: Record<JournalReport['verdict'], string> = {
  good: 'The journal is as it was written.',
  unproven: 'Nothing bad was found, but not all of it is proven.',
  bad: 'The journal is not as it was written.',
}

function describeEpoch(report: ChainReport): string[] {
  const { faults, wrongTotals, wrongNumbers, unread, quarantined, holes, totals, provenSeq, lastSeq } = report
  const lines = [
    `Epoch ${report.epoch} (${report.code ?? 'code unknown'}), entries ${report.firstSeq} to ${lastSeq}`,
    ...(faults.length === 0 ? ['The chain holds.'] : faults.slice(0, 1).flatMap(describeFault)),
    provenSeq > 0
      ? `Proven up to entry ${provenSeq}.`
      : 'Nothing vouches for it: no checkpoint, countersignature or trusted head.',
  ]
  if (faults.length > 1) lines.push(`${faults.length - 1} more behind it.`)
  if (faults.length === 0 && provenSeq < lastSeq) {
    lines.push(`Nothing vouches for entries ${provenSeq + 1} to ${lastSeq}.`)
  }
  if (wrongTotals.length > 0) lines.push(`BAD: totals do not add up at ${wrongTotals.join(', ')}.`)
  if (wrongNumbers.length > 0) {
    lines.push(
      `BAD: numbers out of order: ${wrongNumbers.map(({ seq, number }) => `${number} (${seq})`).join(', ')}.`,
    )
  }
  for (const { fromSeq, toSeq } of holes) lines.push(`Declared lost: ${rangeOf(fromSeq, toSeq)}.`)
  if (quarantined.length > 0) lines.push(`Kept in quarantine: ${quarantined.join(', ')}.`)
  const waiting = unread.filter((seq) => !quarantined.includes(seq))
  if (waiting.length > 0) lines.push(`Not readable by this release, waiting: ${waiting.join(', ')}.`)
  if (totals) {
    lines.push(`${count(totals.sales, 'sale', 'sales')}, ${formatRupees(totals.soldMinor)} sold.`)
  }
  return lines
}

function describeFault({ seq, cause, since, before, slot, after }: NamedFault): string[] {
  const where = since === undefined ? '' : ` What was changed lies between entries ${since} and ${seq}.`
  return [
    `BAD: entry ${seq} ${causes[cause]}.${where}`,
    ...[before, slot, after].flatMap((one) =>
      one ? [`  ${one === slot ? '→' : ' '} ${describeSlot(one)}`] : [],
    ),
  ]
}

function describeSlot({ seq, line, type, at, numbers }: SlotInfo): string {
  return [
    ...(line === null ? [] : [`line ${line}`]),
    `entry ${seq}`,
    type === null ? 'not readable' : printable(type),
    ...(at === null ? [] : [timeOf(at)]),
    ...numbers.map(printable),
  ].join(', ')
}

/** The bytes may say anything, also what moves a terminal's cursor. */
function printable(text: string): string {
  return text.slice(0, 40).replace(/[^ -~]/gu, '?')
}

/** The bytes may say any number. */
function timeOf(at: number): string {
  return at >= 0 && at < 250_000_000_000_000 ? formatDateTime(at) : 'no time'
}

function rangeOf(fromSeq: number, toSeq: number): string {
  return fromSeq === toSeq ? `entry ${fromSeq}` : `entries ${fromSeq} to ${toSeq}`
}

function count(n: number, one: string, many: string): string {
  return `${n.toLocaleString('en-IN')} ${n === 1 ? one : many}`
}
