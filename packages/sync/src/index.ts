export * from './entry/schema.ts'
