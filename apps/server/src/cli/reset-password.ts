import { readFileSync } from 'node:fs'
import { resetPassword } from '../modules/staff/index.ts'
import { CommandError, defineCommand, type Io } from './command.ts'
import { openForCommand } from './open-for-command.ts'

export const command = defineCommand({
  summary: "Set somebody's password.",
  arguments: ['LOGIN'],
  options: {
    'password-file': { type: 'string', value: 'FILE', help: 'Read it from a file instead of asking.' },
  },
  more: 'For whoever has the machine when nobody can sign in any more. It ends all sessions of the person.',
  async run({ values, arguments: [login = ''], io }) {
    await using context = await openForCommand(io)
    await resetPassword(context, login, await newPassword(values['password-file'], io))
    io.print(`${login} signs in with the new password now.`)
  },
})

/** A password from a file, else asked for twice without showing it. */
export async function newPassword(file: string | undefined, io: Io): Promise<string> {
  if (file !== undefined) return readFileSync(file, 'utf8').trim()
  const password = await io.ask('New password (at least 10 characters):', { secret: true })
  if ((await io.ask('Once more:', { secret: true })) !== password) {
    throw new CommandError('The two are not the same. Nothing was changed; try again.')
  }
  return password
}
