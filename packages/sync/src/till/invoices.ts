import { canonicalBytes } from '../canonical/json.ts'
import type { DocumentKind, Entry } from '../entry/schema.ts'
import type { EntryContext } from './types.ts'
import { JournalRefusal, type TillJournal } from './types.ts'

/** A number that an `invoice-intent` took, and neither a bill nor a cancellation has used yet (JRN-14d). */
export type InvoiceNote = {
  /** Of its intent. */
  epoch: string
  /** Cart whose document it numbers; also of a slip that ended that cart. */
  cart: string | null
  kind: DocumentKind
  issueDate: string
  requestHash: string
}

/** Numbers that wait for their IRN, and slips that wait for their invoice. */
export type InvoiceNotes = {
  readonly numbers: { readonly [number: string]: InvoiceNote }
  /** Identity of the slip's sale, by its cart. */
  readonly slips: { readonly [cart: string]: string }
}

export const noInvoices: InvoiceNotes = Object.freeze({ numbers: {}, slips: {} })

/** What waits after one more entry. */
export function invoicesAfter(notes: InvoiceNotes, entry: Entry, hash: string): InvoiceNotes {
  switch (entry.type) {
    case 'invoice-intent': {
      const { epoch, cart, body } = entry
      const { number, kind, issueDate, requestHash } = body
      const note: InvoiceNote = { epoch, cart, kind, issueDate, requestHash }
      return { ...notes, numbers: { ...notes.numbers, [number]: note } }
    }
    case 'number-cancelled':
      return withoutNumber(notes, entry.body.number)
    case 'sale': {
      const { documents, root } = entry.body
      const left = documents.reduce((rest, { number }) => withoutNumber(rest, number), notes)
      if (!documents.some(({ kind }) => kind === 'P')) return left
      return { ...left, slips: { ...left.slips, [entry.cart ?? root]: hash } }
    }
    case 'invoice-issued': {
      const { document, slip } = entry.body
      const slips = Object.entries(notes.slips).filter(([, identity]) => identity !== slip)
      return { ...withoutNumber(notes, document.number), slips: Object.fromEntries(slips) }
    }
    default:
      return notes
  }
}

function withoutNumber(notes: InvoiceNotes, number: string): InvoiceNotes {
  if (!Object.hasOwn(notes.numbers, number)) return notes
  const { [number]: _, ...numbers } = notes.numbers
  return { ...notes, numbers }
}

/** The number that a cart's document of a kind has taken already; undefined: none. */
export function numberTaken(
  { numbers }: InvoiceNotes,
  cart: string,
  kind: DocumentKind,
): ({ number: string } & InvoiceNote) | undefined {
  const found = Object.entries(numbers).find(([, note]) => note.cart === cart && note.kind === kind)
  return found && { number: found[0], ...found[1] }
}

/** A number that waits for its IRN, as the till offers it after a start: ask again, or give up. */
export type PendingInvoice = InvoiceNote & { number: string; slip: string | null }

/** Everything that waits, numbers first; a slip without a number yet has none. */
export function pendingInvoices({ numbers, slips }: InvoiceNotes): {
  numbers: PendingInvoice[]
  slips: { cart: string; identity: string }[]
} {
  return {
    numbers: Object.entries(numbers).map(([number, note]) => ({
      ...note,
      number,
      slip: note.cart === null ? null : (slips[note.cart] ?? null),
    })),
    slips: Object.entries(slips).map(([cart, identity]) => ({ cart, identity })),
  }
}

/**
 * The portal that registers e-invoices (IRP). Asked again with the same number it answers the same IRN. A
 * promise that rejects says that nobody knows what became of the request.
 */
export type InvoicePortal = {
  register(invoice: {
    number: string
    kind: DocumentKind
    issueDate: string
    request: unknown
  }): Promise<
    { kind: 'registered'; irn: string; signedQr: string | null } | { kind: 'refused'; code: string }
  >
}

/**
 * What became of asking for an IRN. `registered`: complete the sale, or issue the slip's invoice, with it.
 * `refused`: the number is cancelled. `pending`: nobody knows; ask again with the same cart and request, or
 * end the cart with a slip.
 */
export type Registration =
  | { outcome: 'registered'; number: string; issueDate: string; irn: string; signedQr: string | null }
  | { outcome: 'refused'; number: string; code: string }
  | { outcome: 'pending'; number: string }

/**
 * Takes a number, then asks the portal by it (JRN-14d). Safe to repeat after any interruption: the number
 * that was taken for the cart's document is asked by again. Throws `JournalRefusal` where the number
 * could not be written, and then nothing was asked.
 */
export async function registerInvoice(
  journal: Pick<TillJournal, 'takeInvoiceNumber' | 'cancelInvoiceNumber'>,
  portal: InvoicePortal,
  invoice: { cart: string; context: EntryContext; kind: DocumentKind; issuedAt: number; request: unknown },
): Promise<Registration> {
  const { number, kind, issueDate } = await journal.takeInvoiceNumber(invoice)
  let answer: Awaited<ReturnType<InvoicePortal['register']>>
  try {
    answer = await portal.register({ number, kind, issueDate, request: invoice.request })
  } catch {
    // Whatever failed, the portal may have registered it: only its own word ends the number.
    return { outcome: 'pending', number }
  }
  if (answer.kind === 'registered') {
    const { irn, signedQr } = answer
    return { outcome: 'registered', number, issueDate, irn, signedQr }
  }
  const { code } = answer
  await journal.cancelInvoiceNumber({ number, context: invoice.context, reason: code })
  return { outcome: 'refused', number, code }
}

/** Bytes whose hash the intent bears. Throws `JournalRefusal` for what is no JSON. */
export function requestBytes(request: unknown): Uint8Array {
  try {
    return canonicalBytes(request)
  } catch (cause) {
    throw new JournalRefusal('malformed', 'This request cannot be written', { cause })
  }
}
