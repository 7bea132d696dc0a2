export { checkSecrets, claimInstallation, type InstallationKind, installationKind } from './installation.ts'
export { platformRoutes } from './routes.ts'
