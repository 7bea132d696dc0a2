import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { runNexus } from '../run-nexus.ts'

export type Run = { code: number; output: string; asked: string[] }

/** A data folder of its own for commands, and a way to run them as a person would. */
export function commandLine(env: Record<string, string> = {}): {
  folder: string
  run(args: readonly string[], answers?: readonly string[]): Promise<Run>
} {
  const folder = mkdtempSync(join(tmpdir(), 'nexus-cli-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return {
    folder,
    async run(args, answers = []) {
      const lines: string[] = []
      const asked: string[] = []
      const left = [...answers]
      const io = {
        print: (text: string) => void lines.push(text),
        ask: async (question: string) => {
          asked.push(question)
          const answer = left.shift()
          if (answer === undefined) throw new Error(`no answer to "${question}"`)
          return answer
        },
        env: { PATH: process.env.PATH, DATA_DIR: join(folder, 'data'), SQLITE_READERS: '1', ...env },
      }
      const code = await runNexus(args, io)
      return { code, output: lines.join('\n'), asked }
    },
  }
}
