export interface JobTable {
  name: string
  holder: string
  fence: number
  lease_until: number
  ran_at: number | null
  failure: string | null
}
declare module '../db/database.ts' {
  interface Schema {
    job: JobTable
  }
}
