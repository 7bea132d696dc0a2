import { problemTypes } from '@nexus/contract'
import { expect, test } from 'vitest'
import { openShop } from '../../testing/index.ts'
import { claimInstallation, installationKind } from './installation.ts'
import { endpoints, openApiDocument } from './open-api.ts'

test('demo and shop never mix: a database is one of them for ever', async () => {
  await using shop = await openShop()
  expect(await installationKind(shop.context)).toBeUndefined()
  await claimInstallation(shop.context, 'demo')
  await claimInstallation(shop.context, 'demo')
  await expect(claimInstallation(shop.context, 'shop')).rejects.toThrow('DATA_DIR')
  expect(await installationKind(shop.context)).toBe('demo')
})

test('readiness says no when the database does not answer', async () => {
  await using shop = await openShop()
  expect((await shop.fetch('/health/ready')).status).toBe(200)
  await shop.context.database.write((tx) => tx.schema.dropTable('installation').execute())
  const answer = await shop.fetch('/health/ready')
  expect([answer.status, (await answer.json()).code]).toEqual([503, 'server/busy'])
  expect((await shop.fetch('/health/live')).status).toBe(200)
})

test('the description lists every endpoint of the contract with who may call it', async () => {
  await using shop = await openShop()
  const document = await (await shop.fetch('/v1/openapi.json')).json()
  expect(document.openapi).toBe('3.1.0')
  expect(document.paths['/v1/products/{productId}'].get).toMatchObject({
    'x-allow': 'products.read',
    parameters: [{ name: 'productId', in: 'path', required: true }],
  })
  const operations = Object.values(document.paths).flatMap((path) => Object.keys(path as object))
  expect(operations).toHaveLength(endpoints.length)
  expect(endpoints.length).toBeGreaterThan(40)
})

test('references of the description lead somewhere, and its schemas are JSON Schema without our own words', () => {
  const text = JSON.stringify(openApiDocument(endpoints))
  const document = JSON.parse(text)
  for (const [, name = ''] of text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)) {
    expect(document.components.schemas).toHaveProperty(name)
  }
  expect(text).not.toContain('"~')
})

test('the page of the API names every path, and loads nothing', async () => {
  await using shop = await openShop()
  const html = await (await shop.fetch('/docs')).text()
  for (const endpoint of endpoints) expect(html).toContain(endpoint.path)
  expect(html).not.toMatch(/<script|<link|src=/)
})

test('every problem code has its page, and an unknown one has none', async () => {
  await using shop = await openShop()
  for (const [code, type] of Object.entries(problemTypes)) {
    const answer = await shop.fetch(`/problems/${code}`)
    expect(answer.headers.get('content-type'), code).toContain('text/html')
    expect(await answer.text()).toContain(type.title)
  }
  expect((await shop.fetch('/problems/no/such')).status).toBe(404)
  expect(await (await shop.fetch('/problems')).text()).toContain('bill/not-found')
})
