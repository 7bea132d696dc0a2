import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  checkImport,
  getImport,
  type ImportMapping,
  type ImportState,
  importBadRows,
  importChanges,
  listImports,
  listProducts,
  putTaxClass,
  runImport,
  uploadImport,
  urlOf,
} from '@nexus/contract'
import { expect, test } from 'vitest'
import { administrator, openShop, type Shop } from '../../../testing/index.ts'
import { replaceImport } from './sql.ts'

const mapping: ImportMapping = {
  key: ['Code'],
  fields: {
    sku: { column: 'Code' },
    name: { column: 'Item' },
    price: { column: 'Rate' },
    taxClass: { value: 'GST18' },
  },
}

async function openWithClass(): Promise<Shop> {
  const shop = await openShop()
  await shop.call(putTaxClass, {
    params: { taxClassId: 'GST18' },
    body: { name: 'GST 18%', rates: [{ from: 0, kind: 'taxable', rateBp: 1800 }] },
  })
  return shop
}

async function upload(shop: Shop, importId: string, content: string): Promise<ImportState> {
  const body = new FormData()
  body.set('file', new Blob([content]), 'price list.csv')
  return await shop.call(uploadImport, { params: { importId }, body })
}

async function ended(shop: Shop, importId: string): Promise<ImportState> {
  for (;;) {
    const state = await shop.call(getImport, { params: { importId } })
    if (state.finishedAt !== null) return state
    await sleep(20)
  }
}

test('a file is uploaded, checked, imported, and its bad rows come back to be corrected', async () => {
  await using shop = await openWithClass()
  const importId = randomUUID()
  const params = { importId }
  const uploaded = await upload(shop, importId, '\ufeffCode;Item;Rate\nA-1;Kajal;99\nA-2;"Soap; soft";x\n')
  expect(uploaded).toMatchObject({
    state: 'uploaded',
    fileName: 'price list.csv',
    columns: ['Code', 'Item', 'Rate'],
    sample: [
      ['A-1', 'Kajal', '99'],
      ['A-2', 'Soap; soft', 'x'],
    ],
    by: administrator.name,
  })

  await shop.call(checkImport, { params, body: mapping })
  const checked = await ended(shop, importId)
  expect(checked).toMatchObject({ state: 'checked', dryRun: true, rowsTotal: 2, rowsCreated: 1, rowsBad: 1 })
  expect((await shop.call(listProducts, { query: {} })).rows).toEqual([])

  await shop.call(runImport, { params, body: mapping })
  const done = await ended(shop, importId)
  expect(done).toMatchObject({
    state: 'done',
    dryRun: false,
    rowsRead: 2,
    rowsCreated: 1,
    rowsBad: 1,
    mapping,
  })
  expect(done.badRows).toEqual([
    expect.objectContaining({ line: 3, field: 'price', value: 'x', reason: 'This is not an amount.' }),
  ])
  expect((await shop.call(listProducts, { query: {} })).rows).toMatchObject([
    { sku: 'A-1', priceMinor: 9900 },
  ])

  const bad = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await shop.call(importBadRows, { params }))
  expect(bad.split('\r\n')).toEqual([
    '\ufeffCode,Item,Rate,error line,error field,error reason,error remedy',
    'A-2,Soap; soft,x,3,price,This is not an amount.,"Write rupees with a point before the paise, like 1299.50."',
    '',
  ])
  const corrected = randomUUID()
  await upload(shop, corrected, bad.replace(',x,', ',35,'))
  await shop.call(runImport, { params: { importId: corrected }, body: mapping })
  expect(await ended(shop, corrected)).toMatchObject({ state: 'done', rowsCreated: 1, rowsBad: 0 })
  const { imports } = await shop.call(listImports, {})
  expect(new Set(imports.map(({ id }) => id))).toEqual(new Set([importId, corrected]))
})

test('a file that is no CSV is refused at upload and leaves nothing behind', async () => {
  await using shop = await openWithClass()
  const importId = randomUUID()
  await expect(upload(shop, importId, 'name,price\n"Kajal,99\n')).rejects.toMatchObject({
    code: 'import/unreadable',
  })
  await expect(shop.call(getImport, { params: { importId } })).rejects.toMatchObject({
    code: 'import/not-found',
  })
  expect(existsSync(join(shop.context.config.DATA_DIR, 'imports', `${importId}.csv`))).toBe(false)
})

test('a mapping that does not fit is refused at once', async () => {
  await using shop = await openWithClass()
  const importId = randomUUID()
  await upload(shop, importId, 'Code,Item\nA-1,Kajal\n')
  await expect(shop.call(runImport, { params: { importId }, body: mapping })).rejects.toMatchObject({
    code: 'import/mapping-invalid',
    errors: [{ field: 'fields.price', message: expect.stringContaining('"Rate"') }],
  })
  expect(await shop.call(getImport, { params: { importId } })).toMatchObject({ state: 'uploaded' })
})

test('an import that is worked on is neither started nor replaced a second time', async () => {
  await using shop = await openWithClass()
  const importId = randomUUID()
  const params = { importId }
  const state = await upload(shop, importId, 'Code,Item,Rate\nA-1,Kajal,99\n')
  const { database, clock } = shop.context
  // As another server would leave it while it works.
  await database.write(async (tx) => {
    await replaceImport(tx, { ...state, state: 'running', beatAt: clock.now() })
  })
  const running = { code: 'import/running' }
  await expect(shop.call(runImport, { params, body: mapping })).rejects.toMatchObject(running)
  await expect(upload(shop, importId, 'Code\nB\n')).rejects.toMatchObject(running)
  expect(await shop.call(getImport, { params })).toMatchObject({ state: 'running' })

  // No sign of life for longer than a minute: that server is gone.
  shop.clock.advance(60_001)
  expect(await shop.call(getImport, { params })).toMatchObject({
    state: 'failed',
    message: expect.stringContaining('Start it again'),
  })
  await shop.call(runImport, { params, body: mapping })
  expect(await ended(shop, importId)).toMatchObject({ state: 'done', rowsCreated: 1 })
})

test('the file of bad rows is asked for before there is one', async () => {
  await using shop = await openWithClass()
  const importId = randomUUID()
  await upload(shop, importId, 'Code,Item,Rate\nA-1,Kajal,99\n')
  const answer = await shop.fetch(urlOf(importBadRows, { params: { importId } }))
  expect(answer.status).toBe(404)
})

test('stock is opened only in stores that the person works for', async () => {
  await using shop = await openWithClass()
  const importId = randomUUID()
  await upload(shop, importId, 'Code,Item,Rate\nA-1,Kajal,99\n')
  const elsewhere = shop.as({ ...administrator, storeIds: [randomUUID()] })
  const body = { ...mapping, openingStockStore: randomUUID() }
  await expect(elsewhere.call(runImport, { params: { importId }, body })).rejects.toMatchObject({
    code: 'session/not-allowed',
  })
})

test('prices are checked and changed with their file of changes, by who may change prices', async () => {
  await using shop = await openWithClass()
  const goods = randomUUID()
  await upload(shop, goods, 'Code,Item,Rate\nA-1,Kajal,99\n')
  await shop.call(runImport, { params: { importId: goods }, body: mapping })
  await ended(shop, goods)

  const importId = randomUUID()
  const params = { importId }
  const body: ImportMapping = {
    kind: 'prices',
    fields: { sku: { column: 'Code' }, price: { column: 'Rate' }, from: { column: 'From' } },
  }
  await upload(shop, importId, 'Code,Rate,From\nA-1,89,\nA-1,79,2027-01-01 10:00\nA-2,1,\n')
  const file = async () => {
    const answer = await shop.fetch(urlOf(importChanges, { params }))
    return [answer.status, answer.status === 200 ? (await answer.text()).split('\r\n').slice(1, -1) : []]
  }
  expect(await file()).toEqual([404, []])
  const buyer = shop.as({ ...administrator, permissions: new Set(['products.write']) })
  await expect(buyer.call(checkImport, { params, body })).rejects.toMatchObject({
    code: 'session/not-allowed',
    message: expect.stringContaining('does not change prices'),
  })
  const rows = [
    '2,A-1,Kajal,Selling price,,,89.00,99.00,89.00,,',
    '3,A-1,Kajal,Selling price,2027-01-01 10:00,,79.00,89.00,79.00,,',
  ]
  for (const [endpoint, state] of [
    [checkImport, 'checked'],
    [runImport, 'done'],
  ] as const) {
    await shop.call(endpoint, { params, body })
    expect(await ended(shop, importId)).toMatchObject({
      state,
      rowsChanged: 2,
      rowsBad: 1,
      changes: [
        { beforeMinor: 9900, afterMinor: 8900 },
        { beforeMinor: 8900, afterMinor: 7900 },
      ],
    })
    expect(await file()).toEqual([200, rows])
  }
  expect((await shop.call(listProducts, { query: {} })).rows).toMatchObject([{ priceMinor: 8900 }])
})
