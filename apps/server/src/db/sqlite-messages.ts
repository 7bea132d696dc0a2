/** What the event loop and a SQLite thread say to each other. */
export type SqliteValue = null | number | bigint | string | Uint8Array
export type SqliteThreadData = { path: string; readOnly: boolean; busyMs: number }
export type SqliteStatement = { sql: string; params: SqliteValue[] }
/**
 * Parameters that are bytes, in one buffer that is handed over: cloning each would cost more than storing
 * it. `places` has four numbers for each: statement, parameter, offset, length; the parameter itself is null.
 */
export type SqliteBytes = { buffer: Uint8Array<ArrayBuffer>; places: Uint32Array<ArrayBuffer> }
export type SqliteRequest =
  /** In order; the first that fails ends it. The answer is the last one's. */
  | { id: number; kind: 'run'; statements: SqliteStatement[]; bytes: SqliteBytes | undefined }
  /** The same; the answer has the rows of each of the last `reads` statements. */
  | {
      id: number
      kind: 'read-together'
      statements: SqliteStatement[]
      bytes: SqliteBytes | undefined
      reads: number
    }
  | { id: number; kind: 'rollback' }
  /** The answer is one row of `WalState`. */
  | { id: number; kind: 'checkpoint' }
  | { id: number; kind: 'close' }
export type SqliteAnswer =
  | { id: number; rows: unknown[]; changes: number; lastId: number; error?: undefined }
  | { id: number; error: { message: string; code: string; errcode: number } }
/** Frames (pages of 4 KiB) in the WAL, and those of them that the file has too. */
export type WalState = { busy: number; log: number; checkpointed: number }
