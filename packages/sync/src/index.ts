export * from './canonical/base64url.ts'
export * from './canonical/json.ts'
export * from './canonical/utf8.ts'
export * from './entry/certificate.ts'
export * from './entry/decode.ts'
export * from './entry/document-draft.ts'
export * from './entry/encode.ts'
export * from './entry/hash.ts'
export * from './entry/journal-file.ts'
export * from './entry/limits.ts'
export * from './entry/priced-again.ts'
export * from './entry/schema.ts'
export * from './entry/totals.ts'
export * from './messages.ts'
export type * from './ports.ts'
export { type AnswerFacts, decide } from './server/decide.ts'
export * from './server/prepare-push.ts'
export type * from './server/types.ts'
export * from './server/verify-chain.ts'
export { wanted } from './server/wanted.ts'
export type * from './till/attempts.ts'
export {
  type InvoiceNote,
  type InvoicePortal,
  type PendingInvoice,
  type Registration,
  registerInvoice,
} from './till/invoices.ts'
export type * from './till/records.ts'
export { openTillJournal } from './till/till-journal.ts'
export * from './till/types.ts'
