import { randomUUIDv7 } from 'node:crypto'
import {
  CompanyBody,
  putStaffPassword,
  putStaffPin,
  StaffBody,
  type StaffRow,
  type StaticOf,
  StoreBody,
} from '@nexus/contract'
import { startOfDate } from '@nexus/domain'
import { shopFolder } from '../config.ts'
import type { Context } from '../context.ts'
import { type FieldError, faultsOf } from '../http/validation.ts'
import { addPriceList, allPriceLists, chainListOf, putTaxClass } from '../modules/catalogue/index.ts'
import { claimInstallation } from '../modules/platform/index.ts'
import { putPassword, putPin, putStaff, staffPage } from '../modules/staff/index.ts'
import {
  createEnrolmentCode,
  findCompany,
  findStoreByCode,
  putCompany,
  putRegister,
  putStore,
  selectRegisters,
} from '../modules/stores/index.ts'
import { CommandError, defineCommand, type Io } from './command.ts'
import { openForCommand } from './open-for-command.ts'
import { originOf } from './origin.ts'
import { newPassword } from './reset-password.ts'

const author = { by: null, how: 'init' }

export const command = defineCommand({
  summary: 'Begin an empty real shop.',
  options: {
    'legal-name': { type: 'string', help: 'The company as registered for GST.' },
    'trade-name': { type: 'string', help: 'As customers know it; the legal name when left out.' },
    gstin: { type: 'string', help: "The store's GSTIN; State and PAN are read from it." },
    'store-name': { type: 'string', help: 'The first store.' },
    'store-code': {
      type: 'string',
      help: 'Two or three capital letters, first in its bill numbers, e.g. KOR.',
    },
    address: { type: 'string', help: 'Street and place, as printed on bills.' },
    city: { type: 'string', help: 'City.' },
    'pin-code': { type: 'string', help: 'Six digits.' },
    phone: { type: 'string', help: 'Printed on bills.' },
    'upi-id': { type: 'string', help: 'Payee of the UPI QR; without it the till takes no UPI by QR.' },
    'admin-name': { type: 'string', help: 'Who looks after the shop.' },
    'admin-login': { type: 'string', help: 'Name to sign in with: small letters and digits.' },
    'admin-pin': { type: 'string', help: 'Four to eight digits, to sign in at the till.' },
    'password-file': { type: 'string', value: 'FILE', help: 'Read the password from a file.' },
  },
  more: `Makes company, first store, register 1, the usual GST classes, a price list and an administrator, and
prints the code that enrols the first till. What no option gives is asked for. The shop lives in
.nexus/shop unless DATA_DIR or DATABASE_URL says otherwise; \`nexus start\` finds it from then on.`,
  async run({ values, io }) {
    const plan = await readPlan(values, io)
    // Only now does the folder come into being: a start would take it for the shop.
    const env = { DATA_DIR: shopFolder, ...io.env }
    await using context = await openForCommand({ ...io, env })
    await refuseBegun(context)
    await claimInstallation(context, 'shop')
    const registerId = await makePlaces(context, plan)
    await makeTaxesAndPrices(context)
    // Last: whoever can sign in finds everything there.
    await makeAdministrator(context, plan)
    const code = await createEnrolmentCode(context, registerId, {
      ...author,
      origin: originOf(context.config),
    })
    io.print(`${plan.store.name} is ready. Next:

1. npx nexus start
2. Back office: sign in as ${plan.admin.login}, then import or add products and publish the rulebook.
   Ask your accountant to confirm the tax classes (GST5, GST18, GST40, NIL) before the first sale.
3. Till: open ${code.url}
   or type this code, good for one day: ${code.code}
   A new one: npx nexus enrol-code ${plan.store.code} 1`)
  },
})

type Plan = {
  company: StaticOf<typeof CompanyBody>
  store: StoreBody
  admin: StaffBody
  pin: string
  password: string
}

async function readPlan(values: Record<string, string | undefined>, io: Io): Promise<Plan> {
  const take = async (name: string, question: string) => values[name] ?? (await io.ask(question))
  const legalName = await take('legal-name', 'Legal name of the company:')
  const gstin = (await take('gstin', 'GSTIN of the first store:')).toUpperCase()
  const company = {
    legalName,
    tradeName: values['trade-name'] ?? legalName,
    pan: gstin.slice(2, 12),
    rupeeRounding: true,
    upiId: values['upi-id'] ?? null,
    billFooter: '',
  }
  const store = {
    code: (await take('store-code', 'Short code of the store (two or three letters):')).toUpperCase(),
    name: await take('store-name', 'Name of the store:'),
    gstin,
    state: gstin.slice(0, 2),
    regionId: '',
    address: await take('address', 'Street and place:'),
    city: await take('city', 'City:'),
    pin: await take('pin-code', 'PIN code:'),
    phone: await take('phone', 'Phone:'),
    language: 'en',
    cutOver: '05:00',
    active: true,
  }
  const admin = {
    name: await take('admin-name', 'Your name:'),
    login: await take('admin-login', 'Name to sign in with:'),
    role: 'administrator' as const,
    storeIds: null,
    active: true,
    language: 'en',
  }
  const pin = values['admin-pin'] ?? (await io.ask('PIN for the till (4 to 8 digits):', { secret: true }))
  const password = await newPassword(values['password-file'], io)
  refuseFaults([
    // The PAN was read from the GSTIN, whose own fault says it all.
    ...faultsOf(CompanyBody, company).filter((fault) => fault.field !== 'pan'),
    ...faultsOf(StoreBody, store).filter((fault) => fault.field !== 'state'),
    ...faultsOf(StaffBody, admin),
    ...faultsOf(putStaffPin.body, { pin }),
    ...faultsOf(putStaffPassword.body, { password }),
  ])
  return { company, store, admin, pin, password }
}

function refuseFaults(faults: readonly FieldError[]): void {
  if (faults.length === 0) return
  throw new CommandError(faults.map(({ field, message }) => `${field} ${message}`).join('\n'))
}

/** Administrators that are there already; one who can sign in means that the shop was begun. */
async function knownAdministrators(context: Context): Promise<StaffRow[]> {
  const everywhere = { storeIds: undefined }
  return (await staffPage(context.database.read, everywhere, { role: 'administrator' })).rows
}

async function refuseBegun(context: Context): Promise<void> {
  if ((await knownAdministrators(context)).some((person) => person.hasPassword)) {
    throw new CommandError('This shop was begun already. Go on in the back office.')
  }
}

/** Company, store and register 1; what an earlier, interrupted run made is used again. */
async function makePlaces(context: Context, { company, store }: Plan): Promise<string> {
  const db = context.database.read
  const known = await findCompany(db)
  await putCompany(context, author, company, known?.id)
  const storeId = (await findStoreByCode(db, store.code))?.id ?? randomUUIDv7()
  await putStore(context, author, storeId, store)
  const registers = await selectRegisters(db, { storeIds: [storeId] })
  const registerId = registers[0]?.id ?? randomUUIDv7()
  await putRegister(context, author, registerId, { storeId, number: 1, name: 'Register 1', active: true })
  return registerId
}

/** From this day on the rates below are in force (notification 9/2025-CT(Rate)). */
const ratesFrom = '2025-09-22'
const usualClasses = [
  { id: 'GST5', name: 'GST 5 %', kind: 'taxable', rateBp: 500 },
  { id: 'GST18', name: 'GST 18 %', kind: 'taxable', rateBp: 1800 },
  { id: 'GST40', name: 'GST 40 %', kind: 'taxable', rateBp: 4000 },
  { id: 'NIL', name: 'Nil rated', kind: 'nil', rateBp: 0 },
] as const

async function makeTaxesAndPrices(context: Context): Promise<void> {
  for (const { id, name, kind, rateBp } of usualClasses) {
    await putTaxClass(context, { id, name, rates: [{ from: startOfDate(ratesFrom), kind, rateBp }] }, author)
  }
  if (chainListOf(await allPriceLists(context.database.read))) return
  await addPriceList(
    context,
    { name: 'Selling price', scope: 'chain', scopeId: '', tier: null, inclusive: true },
    author,
  )
}

async function makeAdministrator(context: Context, { admin, pin, password }: Plan): Promise<void> {
  const known = (await knownAdministrators(context)).find((person) => person.login === admin.login)
  const staffId = known?.id ?? randomUUIDv7()
  await putStaff(context, { how: author.how }, staffId, admin)
  await putPin(context, { how: author.how }, staffId, pin)
  await putPassword(context, { how: author.how }, staffId, password)
}
