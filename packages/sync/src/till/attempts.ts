import type { Entry } from '../entry/schema.ts'

/**
 * A payment attempt that still matters: without a result, or paid and in no sale yet. A function of the
 * entries alone, so that it survives whatever happens to the till.
 */
export type AttemptNote = {
  /** Of its intent. */
  epoch: string
  cart: string | null
  kind: string
  provider: string
  direction: 'in' | 'out'
  amountMinor: number
  /** By which the provider is asked what became of it. */
  reference: string
  /** Till time; null: only a definite answer ends it. */
  expiresAt: number | null
  /** Till time of its intent. */
  at: number
  paid: { at: number; providerReference: string | null } | null
  /** A sale named it before it was paid. */
  sold: boolean
}

export type AttemptNotes = { readonly [attempt: string]: AttemptNote }

/**
 * States of an attempt (JRN-15b). `started` and `pending` are this run's knowledge of what it asked; an
 * attempt without a result that this run did not ask, or lost the answer of, is `unknown`.
 */
export type AttemptState = 'started' | 'pending' | 'paid' | 'failed' | 'expired' | 'unknown'

/** What this run knows of an attempt beyond its entries. */
export type AttemptProgress = 'started' | 'pending' | 'unknown'

/** An attempt as the cashier is shown it. */
export type OpenAttempt = AttemptNote & { attempt: string; state: AttemptState }

/** The head of a journal does not carry older ones: the server's list of open payments does. */
const keptMs = 7 * 86_400_000

/** Attempts that matter after one more entry. The first final result wins; what contradicts it changes nothing. */
export function attemptsAfter(notes: AttemptNotes, entry: Entry): AttemptNotes {
  switch (entry.type) {
    case 'payment-intent':
      return withIntent(notes, entry)
    case 'payment-result':
      return withResult(notes, entry)
    case 'sale':
      return entry.body.tenders.reduce(
        (left, { attempt }) => (attempt === null ? left : withSale(left, attempt)),
        notes,
      )
    default:
      return notes
  }
}

function withIntent(notes: AttemptNotes, { epoch, cart, at, body }: Entry<'payment-intent'>): AttemptNotes {
  const { attempt, kind, provider, direction, amountMinor, reference, expiresAt } = body
  if (Object.hasOwn(notes, attempt)) return notes
  const young = Object.entries(notes).filter(([, note]) => at - note.at <= keptMs)
  return {
    ...Object.fromEntries(young),
    [attempt]: {
      epoch,
      cart,
      kind,
      provider,
      direction,
      amountMinor,
      reference,
      expiresAt,
      at,
      paid: null,
      sold: false,
    },
  }
}

function withResult(notes: AttemptNotes, { at, body }: Entry<'payment-result'>): AttemptNotes {
  const { attempt, state, providerReference } = body
  const note = noteOf(notes, attempt)
  if (note === undefined || note.paid !== null) return notes
  if (state !== 'paid' || note.sold) return without(notes, attempt)
  return { ...notes, [attempt]: { ...note, paid: { at, providerReference } } }
}

function withSale(notes: AttemptNotes, attempt: string): AttemptNotes {
  const note = noteOf(notes, attempt)
  if (note === undefined) return notes
  return note.paid === null ? { ...notes, [attempt]: { ...note, sold: true } } : without(notes, attempt)
}

export function noteOf(notes: AttemptNotes, attempt: string): AttemptNote | undefined {
  return Object.hasOwn(notes, attempt) ? notes[attempt] : undefined
}

function without(notes: AttemptNotes, attempt: string): AttemptNotes {
  const { [attempt]: _, ...rest } = notes
  return rest
}

/** How an attempt stands at a till time. Without a result its end of validity ends it, else nobody knows. */
export function attemptState(
  { paid, expiresAt }: Pick<AttemptNote, 'paid' | 'expiresAt'>,
  at: number,
  progress: AttemptProgress = 'unknown',
): AttemptState {
  if (paid !== null) return 'paid'
  return expiresAt !== null && at >= expiresAt ? 'expired' : progress
}

/**
 * Attempts that bind a cart (JRN-7g): it is neither held nor recalled elsewhere while money was asked for
 * it, or taken.
 */
export function bindingAttempts(notes: AttemptNotes, cart: string, at: number): AttemptNote[] {
  return Object.values(notes).filter((note) => note.cart === cart && attemptState(note, at) !== 'expired')
}

/**
 * Whether a new attempt would ask for money that an earlier one may already have brought (JRN-15a): one that
 * was definitely declined, cancelled, or whose validity has ended brings none.
 *
 * @param dueMinor what the cart's attempts may bring together: its amount less cash and other tenders
 */
export function asksTwice(
  notes: AttemptNotes,
  { cart, direction, amountMinor }: Pick<AttemptNote, 'cart' | 'direction' | 'amountMinor'>,
  dueMinor: number,
  at: number,
): boolean {
  if (cart === null) return false
  const earlier = bindingAttempts(notes, cart, at).filter((note) => note.direction === direction)
  const askedMinor = earlier.reduce((sum, note) => sum + note.amountMinor, 0)
  return earlier.length > 0 && askedMinor + amountMinor > dueMinor
}
