import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Top folder of the project, with a slash at the end. */
export const root = fileURLToPath(new URL('../../../', import.meta.url))

/** Paths that git tracks or would track, relative to the root, in order; deleted files are left out. */
export function projectFiles(...patterns: string[]): string[] {
  const list = execFileSync(
    'git',
    ['ls-files', '-co', '--exclude-standard', '--deduplicate', '--', ...patterns],
    {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    },
  )
  const deleted = new Set(
    execFileSync('git', ['ls-files', '-d', '--', ...patterns], { cwd: root, encoding: 'utf8' }).split('\n'),
  )
  return list
    .split('\n')
    .filter((path) => path !== '' && !deleted.has(path))
    .sort()
}
