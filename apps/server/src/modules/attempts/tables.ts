export type AttemptTable = {
  name: string
  failures: number
  last_at: number
  blocked_until: number
}

declare module '../../db/database.ts' {
  interface Schema {
    attempt: AttemptTable
  }
}
