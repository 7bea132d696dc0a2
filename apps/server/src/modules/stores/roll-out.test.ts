import { expect, test } from 'vitest'
import { forEachDialect } from '../../testing/index.ts'
import { noteHeartbeat, noteRulebookHeld, putRegister, rollOutOf } from './index.ts'
import { contextOn, registerBody, registerId, setUpStore, storeId } from './testing/world.ts'

const author = { by: null, how: 'test' }
const second = '01890000-0000-7000-8000-000000000012'
const third = '01890000-0000-7000-8000-000000000013'

forEachDialect((dialect) => {
  test('a version has come to the tills that said so; those that never reported are none', async () => {
    const context = contextOn(await dialect.open())
    const { database } = context
    await setUpStore(context)
    await putRegister(context, author, second, registerBody({ number: 4 }))
    await putRegister(context, author, third, registerBody({ number: 3 }))
    expect(await rollOutOf(database.read, 2, 10)).toEqual({ tills: 0, holding: 0, behind: [] })
    await database.write(async (tx) => {
      await noteHeartbeat(tx, registerId, { seenAt: 5000 })
      await noteHeartbeat(tx, second, { seenAt: 4000 })
      await noteHeartbeat(tx, third, { seenAt: 6000 })
      await noteRulebookHeld(tx, registerId, 1)
      await noteRulebookHeld(tx, third, 2)
    })
    const { behind, ...counts } = await rollOutOf(database.read, 2, 10)
    expect(counts).toEqual({ tills: 3, holding: 1 })
    expect(behind).toMatchObject([
      { registerId: second, storeId, number: 4, holds: null, lastSeenAt: 4000 },
      { registerId, storeName: 'Koramangala', holds: 1, lastSeenAt: 5000 },
    ])
    expect((await rollOutOf(database.read, 2, 1)).behind).toHaveLength(1)
    await database.write((tx) => noteRulebookHeld(tx, registerId, 3))
    expect(await rollOutOf(database.read, 2, 10)).toMatchObject({ holding: 2, behind: [{ number: 4 }] })
  })

  test('a register that is no longer used holds nothing up', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    await context.database.write((tx) => noteHeartbeat(tx, registerId, { seenAt: 5000 }))
    await putRegister(context, author, registerId, registerBody({ active: false }))
    expect(await rollOutOf(context.database.read, 1, 10)).toMatchObject({ tills: 0, behind: [] })
  })
})
