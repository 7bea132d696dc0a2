export type * from './pricing/types.ts'
