import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { putTaxClass } from '../modules/catalogue/index.ts'
import type { Io } from './command.ts'
import { command } from './import.ts'
import { openForCommand } from './open-for-command.ts'

const folder = mkdtempSync(join(tmpdir(), 'nexus-cli-import-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const printed: string[] = []
const io: Io = {
  print: (text) => printed.push(text),
  ask: async () => {
    throw new Error('nobody is there to answer')
  },
  env: { DATA_DIR: join(folder, 'shop'), LOG_LEVEL: 'silent' },
}

function fileOf(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

async function run(...args: string[]): Promise<string> {
  printed.length = 0
  await command.run(['products', ...args], io)
  return printed.join('\n')
}

test('products are imported from the command line, with a file of bad rows', async () => {
  {
    await using context = await openForCommand(io)
    const rates = [{ from: 0, kind: 'taxable' as const, rateBp: 1800 }]
    await putTaxClass(context, { id: 'GST18', name: 'GST 18%', rates }, { by: null, how: 'test' })
  }
  const column = (name: string) => ({ column: name })
  const mapping = {
    key: ['sku'],
    fields: { sku: column('sku'), name: column('name'), price: column('price') },
  }
  const map = fileOf('map.json', JSON.stringify(mapping))
  const file = fileOf('goods.csv', 'sku,name,price\nA-1,Kajal,99\nA-2,Soap,free\n')
  const badRows = join(folder, 'bad.csv')

  expect(await run(file, '--map', map, '--dry-run')).toBe(
    [
      'line 3, price: This is not an amount. Write rupees with a point before the paise, like 1299.50.',
      '2 rows read: 1 would be created, 0 would be changed, 0 the same, 1 bad.',
      'Nothing was written.',
    ].join('\n'),
  )
  expect(await run(file, '--map', map, '--bad-rows', badRows)).toContain('2 rows read: 1 created')
  expect(readFileSync(badRows, 'utf8')).toContain('A-2,Soap,free,3,price,')
  expect(JSON.parse(await run(file, '--map', map, '--json'))).toMatchObject({ rowsSame: 1, rowsBad: 1 })

  await expect(run(file)).rejects.toThrow('--map is missing')
  await expect(run(join(folder, 'nowhere.csv'), '--map', map)).rejects.toThrow('There is no file')
  await expect(run(file, '--map', fileOf('odd.json', '{"key":[]}'))).rejects.toThrow('is not a mapping')
  await expect(run(file, '--map', file)).rejects.toThrow('is not JSON')
  await expect(run(file, '--map', map, '--bad-rows', file)).rejects.toThrow('names the file itself')
  const other = fileOf('other.json', JSON.stringify({ ...mapping, key: ['code'] }))
  await expect(run(file, '--map', other)).rejects.toThrow('The file has no column "code"')
})

test('prices are changed from the command line, with a file of what changes', async () => {
  const column = (name: string) => ({ column: name })
  const map = fileOf(
    'prices.json',
    JSON.stringify({ fields: { sku: column('sku'), price: column('price') } }),
  )
  const file = fileOf('prices.csv', 'sku,price\nA-1,89\nA-9,1\n')
  const changes = join(folder, 'changes.csv')
  const priced = async (...args: string[]) => {
    printed.length = 0
    await command.run(args, io)
    return printed.join('\n')
  }
  expect(await priced('prices', file, '--map', map, '--dry-run', '--changes', changes)).toBe(
    [
      'line 3, sku: There is no product with the SKU A-9. Correct it, or add the product first.',
      '2 rows read: 0 would be created, 1 would be changed, 0 the same, 1 bad.',
      'Nothing was written.',
    ].join('\n'),
  )
  expect(readFileSync(changes, 'utf8')).toContain('2,A-1,Kajal,Selling price,,,89.00,99.00,89.00,,')
  expect(await priced('prices', file, '--map', map)).toContain('Tills get them with the next')
  await expect(priced('tills', file, '--map', map)).rejects.toThrow('products, prices or mrp, not tills')
  await expect(priced('mrp', file, '--map', map)).rejects.toThrow('A file of MRPs has no field price')
  await expect(priced('prices', file, '--map', map, '--changes', file)).rejects.toThrow(
    'names the file itself',
  )
})
