export type { NamesOf } from './queries.ts'
export { recordAudit } from './record-audit.ts'
export { auditRoutes } from './routes.ts'
export type { AuditEntry } from './sql.ts'
