import type { Generated } from 'kysely'

export type AuditTable = {
  id: Generated<number>
  at: number
  by_id: string | null
  how: string
  subject: string
  subject_id: string
  label: string
  before_json: string | null
  after_json: string | null
}

declare module '../../db/database.ts' {
  interface Schema {
    audit: AuditTable
  }
}
