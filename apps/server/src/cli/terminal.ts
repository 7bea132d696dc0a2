import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { environment } from '../config.ts'
import { CommandError, type Io } from './command.ts'

/** The terminal that the command was typed in. */
export function terminal(): Io {
  return {
    print: (text) => console.log(text),
    ask,
    env: environment(),
  }
}

async function ask(question: string, { secret = false }: { secret?: boolean } = {}): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new CommandError(`Nobody is there to answer "${question}". Give it as an option; see --help.`)
  }
  process.stdout.write(`${question} `)
  // With a terminal and an output that swallows everything, what is typed stays invisible.
  const output = secret ? new Writable({ write: (_chunk, _encoding, done) => done() }) : process.stdout
  const lines = createInterface({ input: process.stdin, output, terminal: true })
  try {
    return (await lines.question('')).trim()
  } finally {
    lines.close()
    if (secret) process.stdout.write('\n')
  }
}
