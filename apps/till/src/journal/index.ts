export { openJournalClient } from './journal-client.ts'
export * from './types.ts'
