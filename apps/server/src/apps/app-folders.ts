import { join } from 'node:path'
import { projectRoot } from '../config.ts'

/** A browser app: its workspace, and the address below which the server shows it. */
export type AppFolder = {
  name: 'till' | 'backoffice'
  folder: string
  dist: string
  prefix: string
  /** Where its pages may call besides the server that they came from: sources of a policy's connect-src. */
  connects: string
}

export const appFolders: readonly AppFolder[] = [
  // A till speaks to its store's own server, whose address is known only once it is enrolled: any that has
  // a certificate, and on the device itself one without.
  appFolder('till', '/till/', 'https: http://localhost:*'),
  appFolder('backoffice', '/office/', ''),
]

function appFolder(name: AppFolder['name'], prefix: string, connects: string): AppFolder {
  const folder = join(projectRoot, 'apps', name)
  return { name, folder, dist: join(folder, 'dist'), prefix, connects }
}
