import { localDate } from '@nexus/domain'
import type { BillDocument, Entry } from '@nexus/sync'
import type { Tx } from '../../db/database.ts'
import { epochsOfStores } from '../journal/index.ts'
import type { Fact, Projector } from '../journal/projector.ts'
import { billsOfEpoch } from '../sales/index.ts'
import { type Cover, coversOfClosing, firstMonthClosed } from '../shifts/index.ts'
import { selectStoreGstins } from '../stores/index.ts'
import { keepLateDocuments, removeLateDocuments } from './sql.ts'
import type { LateDocumentTable } from './tables.ts'

/**
 * Puts documents into the tax queue that the closing of their month did not count (JRN-22d): when they
 * arrive behind it, and when a closing arrives behind them. The order of the two does not matter.
 */
export const lateProjector: Projector = {
  name: 'compliance',
  types: ['sale', 'invoice-issued', 'recovered-bill', 'month-closed'],
  async apply(tx, facts) {
    const rows: LateDocumentTable[] = []
    // Only a document of an earlier month can be late, so that almost every group reads nothing here.
    for (const fact of facts) {
      for (const document of documentsOf(fact)) rows.push(...(await lateOf(tx, document)))
      if (fact.entry.type === 'month-closed') rows.push(...(await leftOutBy(tx, fact, fact.entry.body)))
    }
    await keepLateDocuments(tx, rows)
  },
  clear: removeLateDocuments,
}

type Document = Omit<LateDocumentTable, 'month'>

const inReturns = 'IBCR'

/** Documents of a fact that tax returns hold and that came in a later month than their own. */
function documentsOf({ entry, receivedAt, ...fact }: Fact): Document[] {
  const documents: readonly BillDocument[] =
    entry.type === 'sale'
      ? entry.body.documents
      : entry.type === 'invoice-issued' || entry.type === 'recovered-bill'
        ? [entry.body.document]
        : []
  const monthNow = monthOf(localDate(receivedAt))
  return documents.flatMap((document, index) => {
    const { number, kind, issueDate, cgstMinor, igstMinor, totalMinor } = document
    if (monthOf(issueDate) >= monthNow || !inReturns.includes(kind)) return []
    return [
      {
        identity: fact.identity,
        document: index,
        store_no: fact.storeNo,
        epoch_no: fact.epochNo,
        seq: fact.seq,
        number,
        kind,
        issue_date: issueDate,
        tax_minor: 2 * cgstMinor + igstMinor,
        total_minor: totalMinor,
        received_at: receivedAt,
      },
    ]
  })
}

async function lateOf(tx: Tx, document: Document): Promise<LateDocumentTable[]> {
  const gstin = (await selectStoreGstins(tx)).get(document.store_no)
  const closed = gstin && (await firstMonthClosed(tx, gstin, monthOf(document.issue_date)))
  if (!closed) return []
  // A re-homed one's place is its wrapper's, so the epoch is that of the slot (JRN-7m).
  const epochs = await epochsOfStores(tx, [document.store_no])
  const slot = epochs.find(({ epochNo }) => epochNo === document.epoch_no)
  const cover = (await coversOfClosing(tx, closed)).find(({ epoch }) => epoch === slot?.epoch)
  return counts(cover, document.seq) ? [] : [{ ...document, month: closed.subject }]
}

/** What was there already when its month was closed, and was not counted. */
async function leftOutBy(
  tx: Tx,
  fact: Fact,
  { month, gstin, covers }: Entry<'month-closed'>['body'],
): Promise<LateDocumentTable[]> {
  const closed = await firstMonthClosed(tx, gstin, month)
  // A second closing of the month has no effect.
  if (closed?.store_no !== fact.storeNo || closed.epoch_no !== fact.epochNo || closed.seq !== fact.seq)
    return []
  const stores = [...(await selectStoreGstins(tx))].filter(([, one]) => one === gstin).map(([no]) => no)
  const rows: LateDocumentTable[] = []
  for (const { epoch, storeNo, epochNo } of await epochsOfStores(tx, stores)) {
    const cover = covers.find((one) => one.epoch === epoch)
    const left = { afterSeq: cover?.lastSeq ?? 0, seqs: cover?.except ?? [], until: `${month}-31` }
    const bills = await billsOfEpoch(tx, { storeNo, epochNo }, left)
    for (const bill of bills) {
      const first = await firstMonthClosed(tx, gstin, monthOf(bill.issue_date))
      if (first?.subject === month && inReturns.includes(bill.kind)) rows.push({ ...bill, month })
    }
  }
  return rows
}

function counts(cover: Pick<Cover, 'lastSeq' | 'excepted'> | undefined, seq: number): boolean {
  return cover !== undefined && seq <= cover.lastSeq && !cover.excepted.includes(seq)
}

const monthOf = (date: string) => date.slice(0, 7)
