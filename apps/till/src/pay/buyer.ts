import type { PersonalData } from '@nexus/sync'

/** Who buys, where the invoice must say so. Kept beside the chain, never in it (JRN-19). */
export type Buyer = {
  name: string
  address: string
  /** GST State code of the address, two digits. */
  state: string
}

/** From this taxable value on, an invoice bears the buyer's name, address and State (CGST rule 46 e). Paise. */
export const BUYER_FROM_MINOR = 5_000_000

export function needsBuyer(taxableMinor: number): boolean {
  return taxableMinor >= BUYER_FROM_MINOR
}

export function personalOfBuyer(buyer: Buyer): PersonalData {
  return { buyer: { ...buyer } }
}

/** The buyer in the personal data of a sale; undefined where there is none or it was erased. */
export function buyerOf(personal: PersonalData | undefined): Buyer | undefined {
  const kept = personal?.buyer
  if (typeof kept !== 'object' || kept === null) return undefined
  const { name, address, state } = kept as Record<string, unknown> // as: an object has string keys
  if (typeof name !== 'string' || typeof address !== 'string' || typeof state !== 'string') return undefined
  return { name, address, state }
}
