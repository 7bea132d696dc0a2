import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SavedTill, SeedOptions } from '@nexus/seed'
import type { Config } from '../config.ts'

/** What a seeding was told and how far it came; the last of it makes a killed one go on. */
export type SeedProgress = {
  options: SeedOptions & { days: number; billsPerDay: number; today: string }
  /** Enrolment codes of registers that were begun: the same code and key are the same enrolment. */
  codes: Record<string, string>
  finished: string[]
}

/**
 * Tills of the batch under way, with a day that they have lived and perhaps not pushed yet. Written before
 * each push: as with a real till, what was lived is on its disk before the server hears of it.
 */
export type BatchProgress = { lived: number; tills: Record<string, SavedTill> }

const batchFileOf = (config: Pick<Config, 'DATA_DIR'>) => join(config.DATA_DIR, 'seed-batch.json')

export function readBatch(config: Pick<Config, 'DATA_DIR'>): BatchProgress | undefined {
  return readJson<BatchProgress>(batchFileOf(config))
}

export function writeBatch(config: Pick<Config, 'DATA_DIR'>, batch: BatchProgress): void {
  writeJson(batchFileOf(config), batch)
}

/** The batch is finished, and stands so in the progress. */
export function dropBatch(config: Pick<Config, 'DATA_DIR'>): void {
  rmSync(batchFileOf(config), { force: true })
}

const fileOf = (config: Pick<Config, 'DATA_DIR'>) => join(config.DATA_DIR, 'seed-progress.json')

export function readProgress(config: Pick<Config, 'DATA_DIR'>): SeedProgress | undefined {
  return readJson<SeedProgress>(fileOf(config))
}

export function writeProgress(config: Pick<Config, 'DATA_DIR'>, progress: SeedProgress): void {
  writeJson(fileOf(config), progress)
}

function readJson<T>(file: string): T | undefined {
  // Only this program writes these files.
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : undefined
}

function writeJson(file: string, content: object): void {
  writeFileSync(`${file}.new`, JSON.stringify(content))
  renameSync(`${file}.new`, file)
}

/** Has every register lived its days? */
export function isSeeded({ options, finished }: SeedProgress): boolean {
  return options.days === 0 || finished.length === options.stores * options.registersPerStore
}
