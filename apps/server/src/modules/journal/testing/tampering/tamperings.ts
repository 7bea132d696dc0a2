import { sign } from 'node:crypto'
import {
  canonicalBytes,
  certificateBytes,
  entryLine,
  type JournalFileLine,
  journalFileLine,
  readCertificate,
  signedCertificate,
  toBase64Url,
} from '@nexus/sync'
import type { Dice } from '@nexus/sync/testing'
import { sha256 } from '../../sha256.ts'
import type { TestKey } from '../scripted-till.ts'
import type { Exports } from './make-exports.ts'

/** What a tamperer has: one of the exports as text and as lines, and everything else in `Exports`. */
export type Tamperer = { lines: string[]; parsed: JournalFileLine[]; exports: Exports; dice: Dice }
/** The file after it; `place` where exactly one slot was changed. null: this one cannot be done here. */
export type Tampered = { text: string | Buffer; place?: { epoch: string; seq: number } } | null
type Entry = { index: number; epoch: string; seq: number; bytes: Buffer }
type Json = Record<string, unknown>

function entriesOf({ parsed }: Tamperer): Entry[] {
  return parsed.flatMap((line, index) =>
    line.kind === 'entry'
      ? [{ index, epoch: line.epoch, seq: line.seq, bytes: Buffer.from(line.bytes, 'base64url') }]
      : [],
  )
}

function pick<T>(dice: Dice, list: readonly T[]): T | undefined {
  return list.length === 0 ? undefined : list[dice.below(list.length)]
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}

function jsonOf(bytes: Buffer): Json | undefined {
  try {
    return JSON.parse(bytes.toString()) as Json
  } catch {
    return undefined
  }
}

/** Exchanges the line at `index`. */
function withLine({ lines }: Tamperer, index: number, ...line: string[]): string {
  return textOf(lines.toSpliced(index, 1, ...line))
}

/** One entry with other bytes in its place. */
function withBytes(tamperer: Tamperer, entry: Entry, bytes: Buffer | Uint8Array): Tampered {
  const { epoch, seq, index } = entry
  if (Buffer.compare(bytes, entry.bytes) === 0) return null
  return { text: withLine(tamperer, index, entryLine(epoch, seq, bytes)), place: { epoch, seq } }
}

/** One entry, parsed, changed and written again as canonical JSON. */
function changeEntry(change: (entry: Json, tamperer: Tamperer) => boolean | undefined, type?: string) {
  return (tamperer: Tamperer): Tampered => {
    const found = pick(
      tamperer.dice,
      entriesOf(tamperer).filter(({ bytes }) => type === undefined || jsonOf(bytes)?.type === type),
    )
    const json = found && jsonOf(found.bytes)
    if (!found || !json || change(json, tamperer) === false) return null
    return withBytes(tamperer, found, canonicalBytes(json))
  }
}

/** One line of a kind, with its members changed. */
function changeLine<Kind extends JournalFileLine['kind']>(
  kind: Kind,
  change: (line: Extract<JournalFileLine, { kind: Kind }>, tamperer: Tamperer) => boolean | undefined,
) {
  return (tamperer: Tamperer): Tampered => {
    const index = pickIndex(tamperer, (line) => line.kind === kind)
    if (index === undefined) return null
    // as: lines of another kind were left out.
    const line = structuredClone(tamperer.parsed[index]) as Extract<JournalFileLine, { kind: Kind }>
    if (change(line, tamperer) === false) return null
    const text = journalFileLine(line)
    return text === tamperer.lines[index] ? null : { text: withLine(tamperer, index, text) }
  }
}

function dropLine(kind: JournalFileLine['kind']) {
  return (tamperer: Tamperer): Tampered => {
    const index = pickIndex(tamperer, (line) => line.kind === kind)
    return index === undefined ? null : { text: withLine(tamperer, index) }
  }
}

function pickIndex(
  { dice, parsed }: Tamperer,
  wanted: (line: JournalFileLine) => boolean,
): number | undefined {
  return pick(
    dice,
    parsed.flatMap((line, index) => (wanted(line) ? [index] : [])),
  )
}

function otherHash(dice: Dice): string {
  return toBase64Url(sha256(Buffer.from(String(dice.below(2 ** 30)))))
}

function signedBy({ privateKey }: TestKey, bytes: Uint8Array): string {
  return sign('sha256', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')
}

/** A letter of a text exchanged for another one of base64url. */
function otherLetter(text: string, dice: Dice): string {
  const at = dice.below(text.length)
  return text.slice(0, at) + (text[at] === 'B' ? 'C' : 'B') + text.slice(at + 1)
}

function bump(object: Json, member: string, dice: Dice): void {
  object[member] = Number(object[member]) + 1 + dice.below(5)
}

/** Links a whole rest of an epoch anew after its first entry was changed: the attack that links alone cannot show. */
function rewriteRest(tamperer: Tamperer, from: Entry, change: (entry: Json) => void): string[] {
  const lines = [...tamperer.lines]
  let prevHash: string | undefined
  for (const { index, epoch, seq, bytes } of entriesOf(tamperer)) {
    if (epoch !== from.epoch || seq < from.seq) continue
    const json = jsonOf(bytes)
    if (json === undefined) {
      prevHash = toBase64Url(sha256(bytes))
      continue
    }
    if (prevHash !== undefined) json.prevHash = prevHash
    if (seq === from.seq) change(json)
    const written = canonicalBytes(json)
    prevHash = toBase64Url(sha256(written))
    lines[index] = entryLine(epoch, seq, written)
  }
  return lines
}

function makeCheaper(entry: Json): void {
  const documents = (entry.body as { documents?: { totalMinor: number }[] }).documents
  if (documents?.[0]) documents[0].totalMinor -= 100
  entry.clockOffsetMs = Number(entry.clockOffsetMs) + 1
}

/** Signs the checkpoints of a file, or of one epoch, anew over what its entries have become. */
function resignCheckpoints(lines: string[], device: TestKey, only?: string): string[] {
  const hashes = new Map<string, string>()
  for (const text of lines) {
    const line = JSON.parse(text) as JournalFileLine
    if (line.kind !== 'entry') continue
    hashes.set(`${line.epoch}/${line.seq}`, toBase64Url(sha256(Buffer.from(line.bytes, 'base64url'))))
  }
  return lines.map((text) => {
    const line = JSON.parse(text) as JournalFileLine
    if (line.kind !== 'checkpoint') return text
    const { checkpoint } = line.signed
    if (only !== undefined && checkpoint.epoch !== only) return text
    const hash = hashes.get(`${checkpoint.epoch}/${checkpoint.seq}`) ?? checkpoint.hash
    const made = { ...checkpoint, hash }
    return journalFileLine({
      kind: 'checkpoint',
      signed: { checkpoint: made, signature: signedBy(device, canonicalBytes(made)) },
    })
  })
}

/** Every way of tampering with an export that must be found, by name. */
export const tamperings: Record<string, (tamperer: Tamperer) => Tampered> = {
  'flip a bit of an entry': (tamperer) => {
    const entry = pick(tamperer.dice, entriesOf(tamperer))
    if (!entry) return null
    const bytes = Buffer.from(entry.bytes)
    const at = tamperer.dice.below(bytes.length)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << tamperer.dice.below(8))
    return withBytes(tamperer, entry, bytes)
  },
  'flip a bit of the file': ({ lines, dice }) => {
    const bytes = Buffer.from(textOf(lines))
    const at = dice.below(bytes.length)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << dice.below(8))
    return { text: bytes }
  },
  'change an amount': changeEntry((entry, { dice }) => {
    const [document] = (entry.body as { documents: Json[] }).documents
    const member = pick(dice, ['totalMinor', 'cgstMinor', 'taxableMinor', 'discountMinor', 'rupeeMinor'])
    if (!document || !member) return false
    bump(document, member, dice)
    return true
  }, 'sale'),
  'change the totals': changeEntry((entry, { dice }) => {
    const member = pick(dice, ['sales', 'documents', 'soldMinor', 'taxMinor', 'returnedMinor']) ?? ''
    bump(entry.totals as Json, member, dice)
    return true
  }, 'sale'),
  'change a number': changeEntry((entry, { dice }) => {
    const [document] = (entry.body as { documents: { number: string }[] }).documents
    if (!document) return false
    document.number = document.number.replace(/\d{6}$/, String(1 + dice.below(900_000)).padStart(6, '0'))
    return true
  }, 'sale'),
  'change a time': changeEntry((entry, { dice }) => {
    bump(entry, 'at', dice)
    return true
  }),
  'change the staff member': changeEntry((entry) => {
    entry.staff = '00000000-0000-7000-8000-0000000000ff'
    return true
  }),
  'change a seq': changeEntry((entry, { dice }) => {
    bump(entry, 'seq', dice)
    return true
  }),
  'take an entry out': (tamperer) => {
    const entry = pick(tamperer.dice, entriesOf(tamperer))
    if (!entry) return null
    const { epoch, seq, index } = entry
    return { text: withLine(tamperer, index), place: { epoch, seq } }
  },
  'take an entry out and close the gap': (tamperer) => {
    const gone = pick(tamperer.dice, entriesOf(tamperer))
    if (!gone) return null
    const lines = [...tamperer.lines]
    for (const { index, epoch, seq, bytes } of entriesOf(tamperer)) {
      if (epoch === gone.epoch && seq > gone.seq) lines[index] = entryLine(epoch, seq - 1, bytes)
    }
    return { text: textOf(lines.toSpliced(gone.index, 1)) }
  },
  'swap two lines of entries': (tamperer) => {
    const entries = entriesOf(tamperer)
    const [a, b] = [pick(tamperer.dice, entries), pick(tamperer.dice, entries)]
    if (!a || !b || a.index === b.index) return null
    const lines = [...tamperer.lines]
    lines[a.index] = tamperer.lines[b.index] ?? ''
    lines[b.index] = tamperer.lines[a.index] ?? ''
    return { text: textOf(lines) }
  },
  'swap the bytes of two entries': (tamperer) => {
    const entries = entriesOf(tamperer)
    const [a, b] = [pick(tamperer.dice, entries), pick(tamperer.dice, entries)]
    if (!a || !b || a.index === b.index) return null
    const lines = [...tamperer.lines]
    lines[a.index] = entryLine(a.epoch, a.seq, b.bytes)
    lines[b.index] = entryLine(b.epoch, b.seq, a.bytes)
    return { text: textOf(lines) }
  },
  'write an entry twice': (tamperer) => {
    const entry = pick(tamperer.dice, entriesOf(tamperer))
    const line = entry && tamperer.lines[entry.index]
    return line ? { text: withLine(tamperer, entry.index, line, line) } : null
  },
  'put an entry in': (tamperer) => {
    const entry = pick(tamperer.dice, entriesOf(tamperer))
    const json = entry && jsonOf(entry.bytes)
    const line = entry && tamperer.lines[entry.index]
    if (!entry || !json || !line) return null
    const { epoch, seq } = entry
    const forged = canonicalBytes({ ...json, seq: seq + 1, prevHash: toBase64Url(sha256(entry.bytes)) })
    return { text: withLine(tamperer, entry.index, line, entryLine(epoch, seq + 1, forged)) }
  },
  'move an entry to another epoch': (tamperer) => {
    const { dice } = tamperer
    const entries = entriesOf(tamperer)
    const [moved, before] = [pick(dice, entries), pick(dice, entries)]
    const after = tamperer.lines[before?.index ?? 0]
    if (!moved || !before || !after || moved.epoch === before.epoch) return null
    const json = jsonOf(moved.bytes)
    const bytes = json ? canonicalBytes({ ...json, epoch: before.epoch, seq: before.seq + 1 }) : moved.bytes
    return { text: withLine(tamperer, before.index, after, entryLine(before.epoch, before.seq + 1, bytes)) }
  },
  'cut the tail off': ({ lines, dice }) => ({
    text: textOf(lines.slice(0, 1 + dice.below(lines.length - 1))),
  }),
  'cut off in the middle of a line': ({ lines, dice }) => {
    const text = textOf(lines)
    return { text: text.slice(0, 1 + dice.below(text.length - 2)) }
  },
  'cut a line short': (tamperer) => {
    const index = tamperer.dice.below(tamperer.lines.length)
    const line = tamperer.lines[index] ?? ''
    return { text: withLine(tamperer, index, line.slice(0, 1 + tamperer.dice.below(line.length - 1))) }
  },
  'cut the end of an epoch': (tamperer) => {
    const cut = pick(tamperer.dice, entriesOf(tamperer))
    if (!cut) return null
    const gone = new Set(
      entriesOf(tamperer).flatMap(({ epoch, seq, index }) =>
        epoch === cut.epoch && seq >= cut.seq ? [index] : [],
      ),
    )
    return dropWithPersonal(tamperer, gone)
  },
  'cut what is behind a countersigned head, and the statement': (tamperer) => {
    const heads = tamperer.parsed.flatMap((line) => (line.kind === 'received' ? [line.record] : []))
    const head = pick(tamperer.dice, heads)
    if (!head) return null
    const gone = new Set(
      entriesOf(tamperer).flatMap(({ epoch, seq, index }) =>
        epoch === head.epoch && seq > head.toSeq ? [index] : [],
      ),
    )
    return dropWithPersonal(tamperer, gone.add(tamperer.lines.length - 1))
  },
  'take an epoch out wholly': (tamperer) => {
    const epoch = pick(
      tamperer.dice,
      tamperer.parsed.flatMap((line) => (line.kind === 'epoch' ? [line.epoch] : [])),
    )
    let inside = false
    const left = tamperer.lines.filter((_, index) => {
      const line = tamperer.parsed[index]
      if (line?.kind === 'epoch') inside = line.epoch === epoch
      if (line?.kind === 'statement') inside = false
      return !inside
    })
    return { text: textOf(left) }
  },
  'change the order of epochs': (tamperer) => {
    const starts = tamperer.parsed.flatMap((line, index) => (line.kind === 'epoch' ? [index] : []))
    const [first, second] = starts
    if (first === undefined || second === undefined) return null
    const end = starts[2] ?? tamperer.lines.length - 1
    const { lines } = tamperer
    return {
      text: textOf([
        ...lines.slice(0, first),
        ...lines.slice(second, end),
        ...lines.slice(first, second),
        ...lines.slice(end),
      ]),
    }
  },
  'write a rest anew, with links': (tamperer) => {
    const from = pick(
      tamperer.dice,
      entriesOf(tamperer).filter(({ seq }) => seq > 1),
    )
    return from ? { text: textOf(rewriteRest(tamperer, from, makeCheaper)) } : null
  },
  'write a rest anew, with links and checkpoints by another key': (tamperer) => {
    const from = pick(
      tamperer.dice,
      entriesOf(tamperer).filter(({ seq }) => seq > 1),
    )
    if (!from) return null
    const { device } = tamperer.exports.own
    return { text: textOf(resignCheckpoints(rewriteRest(tamperer, from, makeCheaper), device)) }
  },
  'write a rest anew, and sign everything with other keys': (tamperer) => {
    const from = pick(
      tamperer.dice,
      entriesOf(tamperer).filter(({ seq }) => seq > 1),
    )
    if (!from) return null
    const { device, hq } = tamperer.exports.own
    const lines = resignCheckpoints(rewriteRest(tamperer, from, makeCheaper), device)
    return {
      text: textOf(
        lines.map((text) => {
          const line = JSON.parse(text) as JournalFileLine
          if (line.kind !== 'root' && line.kind !== 'received' && line.kind !== 'statement') return text
          return journalFileLine({ ...line, signature: signedBy(hq, canonicalBytes(line.record)) })
        }),
      ),
    }
  },
  'exchange a certificate': (tamperer) => {
    const first = pick(
      tamperer.dice,
      entriesOf(tamperer).filter(({ seq }) => seq === 1),
    )
    const json = first && jsonOf(first.bytes)
    if (!first || !json) return null
    const body = json.body as Json
    const read = readCertificate(String(body.certificate))
    if (!read) return null
    const { device, enrolment } = tamperer.exports.own
    const own = { ...read.certificate, publicKey: device.publicKey, keyId: device.keyId }
    const { certificate, signature } = signedCertificate(own, signedBy(enrolment, certificateBytes(own)))
    const lines = rewriteRest(tamperer, first, (entry) => {
      entry.body = { ...body, certificate, certificateSignature: signature }
    })
    return {
      text: textOf(resignCheckpoints(lines, device, first.epoch)),
      place: { epoch: first.epoch, seq: 1 },
    }
  },
  'forge a checkpoint': changeLine('checkpoint', (line, { exports }) => {
    line.signed.signature = signedBy(exports.own.device, canonicalBytes(line.signed.checkpoint))
    return true
  }),
  'change a checkpoint': changeLine('checkpoint', (line, { dice }) => {
    const { checkpoint } = line.signed
    if (dice.percent(50)) checkpoint.seq += 1 + dice.below(3)
    else checkpoint.hash = otherHash(dice)
    return true
  }),
  'take a checkpoint out': dropLine('checkpoint'),
  'change data of people': changeLine('personal', (line) => {
    line.item.data = line.item.data.replace(/\d(?=")/, (digit) => String((Number(digit) + 1) % 10))
    return true
  }),
  'change a salt': changeLine('personal', (line, { dice }) => {
    line.item.salt = otherHash(dice)
    return true
  }),
  'exchange data of people': (tamperer) => {
    const [a, b] = [0, 1].map(() => pickIndex(tamperer, (line) => line.kind === 'personal'))
    if (a === undefined || b === undefined || a === b) return null
    const lines = [...tamperer.lines]
    lines[a] = tamperer.lines[b] ?? ''
    lines[b] = tamperer.lines[a] ?? ''
    return { text: textOf(lines) }
  },
  'change a hole': changeLine('hole', (line, { dice }) => {
    const { hole } = line
    if (dice.percent(30)) hole.fromSeq -= 1
    else if (dice.percent(50)) hole.toSeq += 1
    else hole.lastHash = otherHash(dice)
    return true
  }),
  'take a hole out': dropLine('hole'),
  'declare an entry lost': (tamperer) => {
    const entry = pick(tamperer.dice, entriesOf(tamperer))
    if (!entry) return null
    const { epoch, seq, bytes, index } = entry
    const hole = { fromSeq: seq, toSeq: seq, lastHash: toBase64Url(sha256(bytes)) }
    return {
      text: withLine(tamperer, index, journalFileLine({ kind: 'hole', epoch, hole })),
      place: { epoch, seq },
    }
  },
  'change a quarantined slot': changeLine('quarantined', (line, { dice }) => {
    if (dice.percent(50)) line.seq += 1
    else line.state = 'dropped'
    return true
  }),
  'take a quarantined slot out': dropLine('quarantined'),
  'put bytes of a quarantined slot right': (tamperer) => {
    const slots = new Set(
      tamperer.parsed.flatMap((line) => (line.kind === 'quarantined' ? [`${line.epoch}/${line.seq}`] : [])),
    )
    const entry = pick(
      tamperer.dice,
      entriesOf(tamperer).filter(({ epoch, seq }) => slots.has(`${epoch}/${seq}`)),
    )
    const before =
      entry && entriesOf(tamperer).find(({ epoch, seq }) => epoch === entry.epoch && seq === entry.seq - 1)
    const json = before && jsonOf(before.bytes)
    if (!entry || !before || !json) return null
    const prevHash = toBase64Url(sha256(before.bytes))
    return withBytes(tamperer, entry, canonicalBytes({ ...json, seq: entry.seq, prevHash }))
  },
  'change a root': changeLine('root', (line, { dice }) => {
    const { record } = line
    const member = pick(dice, ['root', 'leaves', 'previous', 'day', 'generation', 'keyId'] as const)
    if (member === 'leaves') record.leaves += 1
    else if (member === 'day')
      record.day = record.day.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10))
    else if (member === 'generation') record.generation = otherLetter(record.generation, dice)
    else if (member) record[member] = otherHash(dice)
    return true
  }),
  'sign a root with another key': changeLine('root', (line, { exports }) => {
    line.signature = signedBy(exports.own.hq, canonicalBytes(line.record))
    return true
  }),
  'take a root out': dropLine('root'),
  'change a path': changeLine('received', (line, { dice }) => {
    if (line.path.length === 0) line.path.push(otherHash(dice))
    else if (dice.percent(50)) line.path.splice(dice.below(line.path.length), 1)
    else line.path[dice.below(line.path.length)] = otherHash(dice)
    return true
  }),
  'change a leaf': changeLine('received', (line, { dice }) => {
    line.leaf += 1 + dice.below(3)
    return true
  }),
  'change a countersignature': changeLine('received', (line, { dice }) => {
    const { record } = line
    const member = pick(dice, [
      'fromSeq',
      'toSeq',
      'receivedAt',
      'hash',
      'entries',
      'day',
      'signature',
    ] as const)
    if (member === 'fromSeq' || member === 'toSeq' || member === 'receivedAt') record[member] += 1
    else if (member === 'hash' || member === 'entries') record[member] = otherHash(dice)
    else if (member === 'day')
      record.day = record.day.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10))
    else line.signature = otherLetter(line.signature, dice)
    return true
  }),
  'take a countersignature out': dropLine('received'),
  'bring a countersignature of another register': (tamperer) =>
    bringFromOther(tamperer, (line) => line.kind === 'received'),
  'bring an entry of another register': (tamperer) =>
    bringFromOther(tamperer, (line) => line.kind === 'entry'),
  'bring a statement of another register': (tamperer) =>
    bringFromOther(tamperer, (line) => line.kind === 'statement'),
  'bring the statement of an earlier export': (tamperer) => {
    const { earlier, files } = tamperer.exports
    const last = tamperer.lines.length - 1
    if (tamperer.lines !== files[0]) return null
    return { text: withLine(tamperer, last, earlier.at(-1) ?? '') }
  },
  'bring entries of an earlier export': (tamperer) => {
    const { earlier, files } = tamperer.exports
    if (tamperer.lines !== files[0]) return null
    return { text: textOf([...earlier.slice(0, -1), tamperer.lines.at(-1) ?? '']) }
  },
  'change the statement': changeLine('statement', (line, { dice }) => {
    const { record } = line
    const epoch = pick(dice, record.epochs)
    if (!epoch) return false
    const member = pick(dice, ['seq', 'hash', 'entries', 'lines', 'lastDay', 'epochs', 'signature'] as const)
    if (member === 'seq') epoch.seq += 1
    else if (member === 'lastDay') record.lastDay = otherHash(dice)
    else if (member === 'epochs') record.epochs.pop()
    else if (member === 'signature') line.signature = otherLetter(line.signature, dice)
    else if (member) epoch[member] = otherHash(dice)
    return true
  }),
  'take the statement out': dropLine('statement'),
  'change the header': changeLine('nexus-journal', (line, { dice }) => {
    const member = pick(dice, ['tenant', 'store', 'register', 'exportedAt'] as const)
    if (member === 'exportedAt') line.exportedAt += 1
    else if (member) line[member] = '00000000-0000-7000-8000-0000000000ff'
    return true
  }),
  'change a re-homed entry': changeEntry((entry) => {
    const body = entry.body as { bytes: string; identity: string }
    const inner = jsonOf(Buffer.from(body.bytes, 'base64url'))
    if (!inner) return false
    makeCheaper(inner)
    const bytes = canonicalBytes(inner)
    entry.body = { ...body, bytes: toBase64Url(bytes), identity: toBase64Url(sha256(bytes)) }
    return true
  }, 'rehomed'),
  'swap two lines that stand side by side': (tamperer) => {
    const { lines, parsed, dice } = tamperer
    const index = dice.below(lines.length - 1)
    // Data behind one entry may stand in any order, and what is told of slots anywhere above them.
    const isEntry = [index, index + 1].map((at) => ['entry', 'personal'].includes(parsed[at]?.kind ?? ''))
    if (parsed[index]?.kind === 'personal' && parsed[index + 1]?.kind === 'personal') return null
    if (isEntry[0] !== isEntry[1]) return null
    return { text: textOf(lines.toSpliced(index, 2, lines[index + 1] ?? '', lines[index] ?? '')) }
  },
}

/** Takes lines out, and data of people behind the entries among them. */
function dropWithPersonal({ lines, parsed }: Tamperer, gone: ReadonlySet<number>): Tampered {
  if (gone.size === 0) return null
  let behindGone = false
  const left = lines.filter((_, index) => {
    if (parsed[index]?.kind !== 'personal') behindGone = gone.has(index)
    return !behindGone
  })
  return { text: textOf(left) }
}

function bringFromOther(tamperer: Tamperer, wanted: (line: JournalFileLine) => boolean): Tampered {
  const { files } = tamperer.exports
  const foreign = (tamperer.lines === files.at(-1) ? files[0] : files.at(-1)) ?? []
  const text = pick(
    tamperer.dice,
    foreign.filter((line) => wanted(JSON.parse(line) as JournalFileLine)),
  )
  const index = pickIndex(tamperer, wanted)
  if (text === undefined || index === undefined) return null
  const own = tamperer.parsed[index]
  const line = JSON.parse(text) as JournalFileLine
  // Under its new epoch's name, so that it stands where it could be believed.
  if (line.kind === 'entry' && own?.kind === 'entry') Object.assign(line, { epoch: own.epoch, seq: own.seq })
  return { text: withLine(tamperer, index, journalFileLine(line)) }
}
