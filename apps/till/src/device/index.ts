export * from './preferences.ts'
export type * from './types.ts'
