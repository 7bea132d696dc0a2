import { type SettlementField, settlementFields } from '@nexus/contract'

/** Column chosen for each field; '' where none is. */
export type SettlementValues = { provider: string } & Record<SettlementField, string>

/** Names that providers give to their columns, without blanks and signs. */
const usualNames: Record<SettlementField, readonly string[]> = {
  reference: [
    'merchantreference',
    'merchantref',
    'orderid',
    'merchantorderid',
    'tr',
    'reference',
    'externalref',
  ],
  amount: ['amount', 'grossamount', 'transactionamount', 'txnamount'],
  fee: ['fee', 'mdr', 'charges', 'commission'],
  date: ['date', 'transactiondate', 'txndate', 'paymentdate', 'createdat'],
  utr: ['utr', 'rrn', 'bankreference', 'bankref', 'settlementutr'],
}

/** Names in the first line of a file's beginning. */
export function columnsOf(text: string): string[] {
  const [first = ''] = text.replace(/^\uFEFF/, '').split(/\r?\n/, 1)
  const count = (delimiter: string) => first.split(delimiter).length
  const delimiter = [',', ';', '\t'].reduce((best, one) => (count(one) > count(best) ? one : best))
  const names = first.split(delimiter).map((name) => name.trim().replace(/^"(.*)"$/, '$1'))
  return [...new Set(names.filter((name) => name !== ''))]
}

/** A first guess of which column holds what; people correct it. */
export function guessColumns(columns: readonly string[]): Record<SettlementField, string> {
  const plain = (name: string) => name.toLowerCase().replace(/[^a-z]/g, '')
  const find = (field: SettlementField) =>
    columns.find((name) => usualNames[field].includes(plain(name))) ?? ''
  return {
    reference: find('reference'),
    amount: find('amount'),
    fee: find('fee'),
    date: find('date'),
    utr: find('utr'),
  }
}

/** What the server is asked with: fields without a column are left out. */
export function settlementQuery({ provider, ...columns }: SettlementValues) {
  const given = settlementFields.flatMap((field) =>
    columns[field] === '' ? [] : [[field, columns[field]] as const],
  )
  const { reference = '', amount = '', date = '', ...rest } = Object.fromEntries(given)
  return { provider: provider.trim(), reference, amount, date, ...rest }
}
