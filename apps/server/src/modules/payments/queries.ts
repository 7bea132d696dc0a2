import {
  type OpenPayment,
  type OpenPaymentKind,
  openPaymentKinds,
  type PageOf,
  Problem,
  type SettlementFile,
} from '@nexus/contract'
import { addDays, localDate } from '@nexus/domain'
import { toBase64Url } from '@nexus/sync'
import type { Db } from '../../db/database.ts'
import { uuidText } from '../../db/uuid.ts'
import type { StaffCaller } from '../../http/serve.ts'
import { selectRegisterKeys, selectStoreKeys } from '../stores/index.ts'
import { lookBackMs, restMs } from './check-payments.ts'
import { matchedDays } from './settlements/match-lines.ts'
import { fileOf } from './settlements/put-settlement.ts'
import { attemptsNotSettled, latestFiles, linesThatDiffer, toldUntil } from './settlements/sql.ts'
import { attemptFaults, attemptsWith } from './sql.ts'
import type { PaymentAttemptTable } from './tables.ts'

export type OpenPaymentQuery = { page?: number; pageSize?: number; store?: string; kind?: string }

/** Of one kind people are shown so many; with more something is wrong with all of them. */
const kindMax = 500

/** Payments that people must look at, in the stores that the caller sees, newest first. */
export async function openPayments(
  db: Db,
  caller: Pick<StaffCaller, 'storeIds'>,
  query: OpenPaymentQuery,
  now: number,
): Promise<PageOf<OpenPayment>> {
  const page = query.page ?? 1
  const pageSize = query.pageSize ?? 50
  const kinds = kindsOf(query.kind)
  const stores = (await selectStoreKeys(db)).filter(
    ({ id }) =>
      (query.store === undefined || id === query.store) &&
      (caller.storeIds === undefined || caller.storeIds.includes(id)),
  )
  const seesAll = query.store === undefined && caller.storeIds === undefined
  if (!seesAll && stores.length === 0) return { rows: [], page, pageSize, total: 0, totalIsExact: true }
  const storeNos = seesAll ? undefined : stores.map(({ no }) => no)
  const found = [
    ...(await faultyAttempts(db, kinds, storeNos, now)),
    ...(await unsettled(db, kinds, storeNos, now)),
  ]
  const storesByNo = new Map(stores.map((store) => [store.no, store]))
  const registers = new Map((await selectRegisterKeys(db)).map(({ no, number }) => [no, number]))
  const rows = found
    .sort((a, b) => compare(b.day, a.day) || (b.at ?? 0) - (a.at ?? 0) || compare(a.id, b.id))
    .slice((page - 1) * pageSize, page * pageSize)
    .map(({ storeNo, registerNo, ...row }): OpenPayment => {
      const store = storeNo === null ? undefined : storesByNo.get(storeNo)
      return {
        ...row,
        storeId: store?.id ?? null,
        storeName: store?.name ?? null,
        registerNumber: registerNo === null ? null : (registers.get(registerNo) ?? null),
      }
    })
  return { rows, page, pageSize, total: found.length, totalIsExact: true }
}

function kindsOf(kind: string | undefined): readonly OpenPaymentKind[] {
  if (kind === undefined) return openPaymentKinds
  const known = openPaymentKinds.find((one) => one === kind)
  if (known !== undefined) return [known]
  throw new Problem(
    'request/invalid',
    `${kind} is no kind of open payment. Choose one of ${openPaymentKinds.join(', ')}.`,
    {},
    [{ field: 'kind', message: 'unknown' }],
  )
}

type Placed = Omit<OpenPayment, 'storeId' | 'storeName' | 'registerNumber'> & {
  storeNo: number | null
  registerNo: number | null
}

async function faultyAttempts(
  db: Db,
  kinds: readonly OpenPaymentKind[],
  storeNos: readonly number[] | undefined,
  now: number,
): Promise<Placed[]> {
  const found: Placed[] = []
  for (const fault of attemptFaults) {
    if (!kinds.includes(fault)) continue
    // What contradicts itself is open at once; what lacks something may still come.
    const rested = fault === 'contrary' || fault === 'settled-twice' ? now + 1 : now - restMs
    let left = kindMax
    for await (const attempts of attemptsWith(db, fault, {
      after: now - lookBackMs,
      before: rested,
      storeNos,
    })) {
      found.push(...attempts.slice(0, left).map((attempt) => placed(fault, attempt)))
      left -= attempts.length
      if (left <= 0) break
    }
  }
  return found
}

async function unsettled(
  db: Db,
  kinds: readonly OpenPaymentKind[],
  storeNos: readonly number[] | undefined,
  now: number,
): Promise<Placed[]> {
  const found: Placed[] = []
  const sinceDay = addDays(localDate(now), -matchedDays)
  for (const kind of ['amount-differs', 'settled-not-paid', 'unknown-to-us'] as const) {
    if (!kinds.includes(kind) || (kind === 'unknown-to-us' && storeNos !== undefined)) continue
    for (const line of await linesThatDiffer(db, kind, { sinceDay, storeNos, limit: kindMax })) {
      found.push({
        id: `${kind}/${line.provider}/${line.direction}/${line.reference}`,
        kind,
        attempt: line.attempt && uuidText(line.attempt),
        storeNo: line.store_no,
        registerNo: line.register_no,
        at: line.at,
        day: line.day,
        provider: line.provider,
        direction: line.direction,
        amountMinor: line.amount_minor ?? line.settled_minor,
        settledMinor: line.settled_minor,
        reference: line.own_reference ?? line.reference,
        bankReference: line.utr ?? line.provider_reference,
        number: line.number,
        sale: line.sale && toBase64Url(line.sale),
        file: { name: line.file_name ?? '', line: line.line },
      })
    }
  }
  if (!kinds.includes('not-settled')) return found
  for (const [provider, beforeDay] of await toldUntil(db)) {
    const span = { provider, sinceDay, beforeDay, storeNos, limit: kindMax }
    found.push(...(await attemptsNotSettled(db, span)).map((attempt) => placed('not-settled', attempt)))
  }
  return found
}

function placed(kind: OpenPaymentKind, attempt: PaymentAttemptTable): Placed {
  const id = uuidText(attempt.attempt)
  return {
    id: `${kind}/${id}`,
    kind,
    attempt: id,
    storeNo: attempt.store_no,
    registerNo: attempt.register_no,
    at: attempt.at,
    day: attempt.day,
    provider: attempt.provider,
    direction: attempt.direction,
    amountMinor: attempt.amount_minor,
    settledMinor: null,
    reference: attempt.reference,
    bankReference: attempt.provider_reference,
    number: attempt.number,
    sale: attempt.sale && toBase64Url(attempt.sale),
    file: null,
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** The latest settlement files. */
export async function settlementFiles(db: Db): Promise<SettlementFile[]> {
  return (await latestFiles(db, 20)).map(fileOf)
}
