/** What the event loop and a SQLite thread say to each other. */
export type SqliteValue = null | number | bigint | string | Uint8Array
export type SqliteThreadData = { path: string; readOnly: boolean; busyMs: number }
export type SqliteRequest =
  | { id: number; kind: 'run'; sql: string; params: SqliteValue[] }
  | { id: number; kind: 'exec'; sql: string }
  | { id: number; kind: 'checkpoint' }
  | { id: number; kind: 'close' }
export type SqliteAnswer =
  | { id: number; rows: Record<string, unknown>[]; changes: number; lastId: number; error?: undefined }
  | { id: number; error: { message: string; code: string; errcode: number } }
