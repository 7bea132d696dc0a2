export { backupSqlite } from './backup/backup.ts'
export { BackupBroken, restoreSqlite } from './backup/restore.ts'
export { checkSecrets, claimInstallation, type InstallationKind, installationKind } from './installation.ts'
export { platformRoutes } from './routes.ts'
