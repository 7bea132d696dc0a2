import { readRulebookFile } from '../modules/rulebook/index.ts'
import { CommandError, defineCommand } from './command.ts'
import { readJsonFile } from './read-json-file.ts'

export const command = defineCommand({
  summary: 'Check a rulebook in a file.',
  arguments: ['check', 'FILE'],
  options: { json: { type: 'boolean', help: 'Print the faults as JSON.' } },
  more: 'Names every fault with its place in the file; docs/rulebook-format.md explains the format. Fails when there is one.',
  async run({ values, arguments: [what, path = ''], io }) {
    if (what !== 'check') throw new CommandError(`A rulebook can only be checked, not "${what}". See --help.`)
    const { faults } = readRulebookFile(readJsonFile(path))
    if (values.json) io.print(JSON.stringify(faults, null, 2))
    else for (const { field, message } of faults) io.print(`${field}: ${message}`)
    if (faults.length > 0) throw new CommandError(`${path} has faults: ${faults.length}.`)
    if (!values.json) io.print(`${path} is good.`)
  },
})
