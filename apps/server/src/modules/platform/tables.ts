/** A fact about this installation itself: `kind` (demo or shop), `secrets` (fingerprint), `starts` (count). */
export interface InstallationTable {
  name: string
  value: string
}
declare module '../../db/database.ts' {
  interface Schema {
    installation: InstallationTable
  }
}
