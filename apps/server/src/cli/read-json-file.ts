import { readFileSync, statSync } from 'node:fs'
import { CommandError } from './command.ts'

/** A rulebook of 100,000 products has about 100 MB. */
const bytesMax = 256 * 1024 * 1024

/** Reads a file of JSON. Throws `CommandError` that says what is wrong with it. */
export function readJsonFile(path: string): unknown {
  const file = statSync(path, { throwIfNoEntry: false })
  if (!file?.isFile()) throw new CommandError(`There is no file ${path}. Check its name.`)
  if (file.size > bytesMax) throw new CommandError(`${path} is larger than 256 MB. Split it.`)
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new CommandError(`${path} is not JSON: ${(error as Error).message}`, { cause: error })
  }
}
