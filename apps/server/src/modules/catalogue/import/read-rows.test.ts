import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Problem } from '@nexus/contract'
import { afterAll, expect, test } from 'vitest'
import { type FileRow, openRows, readRows } from './read-rows.ts'

const folder = mkdtempSync(join(tmpdir(), 'nexus-rows-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function read(content: string | Buffer) {
  const path = join(folder, 'file.csv')
  writeFileSync(path, content)
  const file = await openRows(path)
  const rows: FileRow[] = []
  for await (const portion of readRows(file)) rows.push(...portion)
  return { ...file, rows }
}

test('a plain file gives its columns and rows with their lines', async () => {
  const { columns, rows, sample } = await read('name,price\nKajal,99\nSoap,35\n')
  expect(columns).toEqual(['name', 'price'])
  expect(rows).toEqual([
    { line: 2, values: ['Kajal', '99'] },
    { line: 3, values: ['Soap', '35'] },
  ])
  expect(sample).toEqual([
    ['Kajal', '99'],
    ['Soap', '35'],
  ])
})

test('a byte-order mark is no part of the first column', async () => {
  expect((await read('\ufeffname,price\nKajal,99\n')).columns).toEqual(['name', 'price'])
})

test('quotes, doubled quotes, line breaks in quotes and Windows line ends are read', async () => {
  const { rows } = await read(
    'name,price\r\n"Soap ""Soft"", big","1,299.00"\r\n"two\r\nlines",5\r\nlast,6\r\n',
  )
  expect(rows).toEqual([
    { line: 2, values: ['Soap "Soft", big', '1,299.00'] },
    { line: 3, values: ['two\nlines', '5'] },
    { line: 5, values: ['last', '6'] },
  ])
})

test('blank lines and lines of nothing but delimiters are passed over, and counted as lines', async () => {
  const { rows } = await read('name,price\n\nKajal,99\n , \n,,\n\nSoap,35')
  expect(rows.map(({ line, values }) => [line, values[0]])).toEqual([
    [3, 'Kajal'],
    [7, 'Soap'],
  ])
})

test('a quotation mark inside a bare value is a letter like any other', async () => {
  expect((await read('name,price\n24" hair band,99\n')).rows[0]?.values).toEqual(['24" hair band', '99'])
})

test('rows with too few or too many values are handed over as they are', async () => {
  const { rows } = await read('name,price\nKajal\nSoap,35,extra\n')
  expect(rows.map(({ values }) => values.length)).toEqual([1, 3])
})

test.each([
  [';', 'name;price\n"a;b";1,5\n'],
  ['\t', 'name\tprice\nKajal\t1,5\n'],
  ['|', 'name|price\nKajal|1,5\n'],
])('the delimiter %j is found by the header', async (delimiter, content) => {
  const { format, columns, rows } = await read(content)
  expect(format.delimiter).toBe(delimiter)
  expect(columns).toEqual(['name', 'price'])
  expect(rows[0]?.values[1]).toBe('1,5')
})

test("Excel's line that names the delimiter is no header", async () => {
  const { columns, rows } = await read('sep=;\r\nname;price\r\nKajal;99\r\n')
  expect(columns).toEqual(['name', 'price'])
  expect(rows).toEqual([{ line: 3, values: ['Kajal', '99'] }])
})

test('Windows-1252 is found by bytes that are no UTF-8, wherever they stand', async () => {
  const late = `${'x,1\n'.repeat(50_000)}Cr\u00e8me \u2013 Gloss,5\n`
  const bytes = Buffer.from(`name,price\n${late}`.replace('\u2013', '\u0096'), 'latin1')
  const { format, rows } = await read(bytes)
  expect(format.encoding).toBe('windows-1252')
  expect(rows.at(-1)?.values[0]).toBe('Cr\u00e8me \u2013 Gloss')
})

test('UTF-8 without a mark stays UTF-8, also where a character is cut by a read', async () => {
  const { format, rows } = await read(`name,price\n${'काजल,1\n'.repeat(30_000)}`)
  expect(format.encoding).toBe('utf-8')
  expect(new Set(rows.map(({ values }) => values[0]))).toEqual(new Set(['काजल']))
})

test("Excel's Unicode text (UTF-16) is read by its mark", async () => {
  const { format, rows } = await read(Buffer.from('\ufeffname\tprice\nकाजल\t99\n', 'utf16le'))
  expect(format).toMatchObject({ encoding: 'utf-16le', delimiter: '\t' })
  expect(rows[0]?.values).toEqual(['काजल', '99'])
})

test.each([
  ['an empty file', ''],
  ['nothing but blank lines', '\n \n\n'],
  ['a quote that is never closed', `name,price\n"Kajal,99\n${'Soap,35\n'.repeat(5)}`],
  [
    'a quote that swallows more than any record has',
    `name,price\nKajal,99\n"Soap,35\n${'x,1\n'.repeat(50_000)}`,
  ],
])('%s is refused as a whole', async (_, content) => {
  const refusal = await read(content).catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(Problem)
  expect((refusal as Problem).code).toBe('import/unreadable')
})
