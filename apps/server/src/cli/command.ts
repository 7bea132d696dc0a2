import { parseArgs, styleText } from 'node:util'
import type { Environment } from '../config.ts'

/** Where a command writes and asks; a recorder in tests. */
export type Io = {
  print(text: string): void
  /** Asks a person; `secret` does not show what is typed. Throws `CommandError` where nobody can answer. */
  ask(question: string, options?: { secret?: boolean }): Promise<string>
  env: Environment
}

export type Option = {
  type: 'string' | 'boolean'
  help: string
  /** Shown for a string's value, e.g. FILE. */
  value?: string
}
type Options = Record<string, Option>
type ValuesOf<O extends Options> = {
  [name in keyof O]: O[name]['type'] extends 'boolean' ? boolean : string | undefined
}

export type Command = {
  /** One sentence for the list of commands. */
  summary: string
  help(name: string): string
  /** Throws `CommandError` for what a person can put right. */
  run(args: readonly string[], io: Io): Promise<void>
}

/** Something that the person who typed the command can put right; shown without a stack. Ends with `exitCode`. */
export class CommandError extends Error {
  readonly exitCode: number

  constructor(message: string, { exitCode = 1, ...options }: ErrorOptions & { exitCode?: number } = {}) {
    super(message, options)
    this.name = 'CommandError'
    this.exitCode = exitCode
  }
}

/** Describes a command: its options parse and explain themselves. Dashed names are as typed. */
export function defineCommand<const O extends Options>(given: {
  summary: string
  /** Names of positional arguments; one ending in `?` may be left out. */
  arguments?: readonly string[]
  options: O
  /** Further paragraphs of its help. */
  more?: string
  run(call: { values: ValuesOf<O>; arguments: readonly string[]; io: Io }): Promise<void>
}): Command {
  const names = given.arguments ?? []
  return {
    summary: given.summary,
    help(name) {
      const shown = names.map((one) => (one.endsWith('?') ? `[${one.slice(0, -1)}]` : one))
      const rows = Object.entries({ ...given.options, help: helpOption }).map(
        ([option, { value, help, type }]) =>
          `  --${`${option}${type === 'string' ? ` ${value ?? 'TEXT'}` : ''}`.padEnd(26)} ${help}`,
      )
      return [
        `nexus ${[name, ...shown].join(' ')} [options]`,
        '',
        given.summary,
        ...(given.more ? ['', given.more] : []),
        '',
        ...rows,
      ].join('\n')
    },
    async run(args, io) {
      const { values, positionals } = parse(args, given.options)
      const required = names.filter((one) => !one.endsWith('?'))
      const missing = required[positionals.length]
      if (missing) throw new CommandError(`${missing} is missing. See --help.`)
      if (positionals.length > names.length) {
        throw new CommandError(`"${positionals[names.length]}" is one argument too many. See --help.`)
      }
      await given.run({ values, arguments: positionals, io })
    },
  }
}

const helpOption: Option = { type: 'boolean', help: 'Show this.' }

function parse<O extends Options>(
  args: readonly string[],
  options: O,
): { values: ValuesOf<O>; positionals: string[] } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: Object.fromEntries(Object.entries(options).map(([name, { type }]) => [name, { type }])),
    })
    const full = Object.fromEntries(
      Object.entries(options).map(([name, { type }]) => [
        name,
        values[name] ?? (type === 'boolean' ? false : undefined),
      ]),
    )
    // Each name has the type that its option declares.
    return { values: full as ValuesOf<O>, positionals }
  } catch (error) {
    throw new CommandError(`${(error as Error).message} See --help.`)
  }
}

/** A heading for people, coloured where the terminal can. */
export function heading(text: string): string {
  return styleText('bold', text)
}
