import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SeedOptions } from '@nexus/seed'
import type { Config } from '../config.ts'

/** What a seeding was told and how far it came; the last of it makes a killed one go on. */
export type SeedProgress = {
  options: SeedOptions & { days: number; billsPerDay: number; today: string }
  /** Enrolment codes of registers that were begun: the same code and key are the same enrolment. */
  codes: Record<string, string>
  finished: string[]
}

const fileOf = (config: Pick<Config, 'DATA_DIR'>) => join(config.DATA_DIR, 'seed-progress.json')

export function readProgress(config: Pick<Config, 'DATA_DIR'>): SeedProgress | undefined {
  const file = fileOf(config)
  // Only this program writes the file.
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as SeedProgress) : undefined
}

export function writeProgress(config: Pick<Config, 'DATA_DIR'>, progress: SeedProgress): void {
  const file = fileOf(config)
  writeFileSync(`${file}.new`, JSON.stringify(progress))
  renameSync(`${file}.new`, file)
}

/** Has every register lived its days? */
export function isSeeded({ options, finished }: SeedProgress): boolean {
  return options.days === 0 || finished.length === options.stores * options.registersPerStore
}
