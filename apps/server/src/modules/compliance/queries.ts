import { type LateDocumentRow, type PageOf, Problem } from '@nexus/contract'
import type { Db } from '../../db/database.ts'
import type { StaffCaller } from '../../http/serve.ts'
import { epochsOfStores } from '../journal/index.ts'
import { countedBy, coversOfEpoch, subjectOfClosing } from '../shifts/index.ts'
import { staffNames } from '../staff/index.ts'
import { selectStoreKeys } from '../stores/index.ts'
import { countLateDocuments, findLateDocument, type LateDocument, lateDocumentsPage } from './sql.ts'

export type LateQuery = {
  page?: number
  pageSize?: number
  store?: string
  /** YYYY-MM */
  month?: string
  waiting?: boolean
}

/** Counting stops here; screens then say "more than". */
const totalMax = 10_000

/** A page of the tax queue in the stores that the caller sees. */
export async function latePage(
  db: Db,
  caller: Pick<StaffCaller, 'storeIds'>,
  query: LateQuery,
): Promise<PageOf<LateDocumentRow>> {
  const page = query.page ?? 1
  const pageSize = query.pageSize ?? 50
  const stores = (await selectStoreKeys(db)).filter(
    ({ id }) => (query.store === undefined || query.store === id) && (caller.storeIds?.includes(id) ?? true),
  )
  if (stores.length === 0) return { rows: [], page, pageSize, total: 0, totalIsExact: true }
  const filter = { storeNos: stores.map(({ no }) => no), waiting: query.waiting, month: query.month }
  const [total, documents] = await Promise.all([
    countLateDocuments(db, filter, totalMax + 1),
    lateDocumentsPage(db, filter, { offset: (page - 1) * pageSize, limit: pageSize }),
  ])
  return {
    rows: await rowsOf(db, documents),
    page,
    pageSize,
    total: Math.min(total, totalMax),
    totalIsExact: total <= totalMax,
  }
}

/** Throws `late-document/not-found`. */
export async function getLate(db: Db, identity: string, document: number): Promise<LateDocumentRow> {
  const late = await findLateDocument(db, Buffer.from(identity, 'base64url'), document)
  const [row] = late ? await rowsOf(db, [late]) : []
  if (row === undefined) throw new Problem('late-document/not-found', 'The tax queue holds no such document.')
  return row
}

async function rowsOf(db: Db, documents: readonly LateDocument[]): Promise<LateDocumentRow[]> {
  const stores = new Map((await selectStoreKeys(db)).map((store) => [store.no, store]))
  const names = await staffNames(db, [...new Set(documents.flatMap((late) => late.chosen_by ?? []))])
  const epochs = await epochsOfStores(db, [...new Set(documents.map((late) => late.store_no))])
  return await Promise.all(
    documents.map(async (late) => {
      const epoch = epochs.find(({ epochNo }) => epochNo === late.epoch_no)?.epoch
      const counted = epoch && countedBy(await coversOfEpoch(db, 'day', epoch), late.seq)
      return {
        identity: Buffer.from(late.identity).toString('base64url'),
        document: late.document,
        number: late.number,
        kind: late.kind,
        storeId: stores.get(late.store_no)?.id ?? '',
        storeName: stores.get(late.store_no)?.name ?? '',
        issueDate: late.issue_date,
        month: late.month,
        totalMinor: late.total_minor,
        taxMinor: late.tax_minor,
        receivedAt: late.received_at,
        countedIn: counted ? await subjectOfClosing(db, counted.closing) : null,
        choice: late.choice,
        chosenBy: late.chosen_by && (names.get(late.chosen_by) ?? null),
        chosenAt: late.chosen_at,
      }
    }),
  )
}
