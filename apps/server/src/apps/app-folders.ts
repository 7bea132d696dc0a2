import { join } from 'node:path'
import { projectRoot } from '../config.ts'

/** A browser app: its workspace, and the address below which the server shows it. */
export type AppFolder = { name: 'till' | 'backoffice'; folder: string; dist: string; prefix: string }

export const appFolders: readonly AppFolder[] = [
  appFolder('till', '/till/'),
  appFolder('backoffice', '/office/'),
]

function appFolder(name: AppFolder['name'], prefix: string): AppFolder {
  const folder = join(projectRoot, 'apps', name)
  return { name, folder, dist: join(folder, 'dist'), prefix }
}
