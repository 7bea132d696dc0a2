import { type Static, Type } from 'typebox'

/**
 * The entry of a register journal, version 1 (JRN-4). Frozen: members may be added, none may change
 * its meaning. Readers ignore members they do not know, so no schema here closes its objects.
 */

export const Uuid = Type.String({ pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' })
/** SHA-256 as unpadded base64url; the last of its 43 characters carries four bits. */
export const Hash = Type.String({ pattern: '^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$' })
/** Up to the year 9892, since dates are texts of four digits a year, and so is what is counted from them. */
export const Instant = Type.Integer({
  minimum: 0,
  maximum: 250_000_000_000_000,
  description: 'ms since 1970 UTC',
})
export const DateText = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' })
/** Paise; negative only where said. */
export const Minor = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
export const SignedMinor = Type.Integer({
  minimum: -Number.MAX_SAFE_INTEGER,
  maximum: Number.MAX_SAFE_INTEGER,
})
/** Not negative, safe. */
export const Whole = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
/** At least 1, safe. */
export const Positive = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
const Signed = Type.Integer({ minimum: -Number.MAX_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER })
const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength })
export const OrNull = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()])
/** Texts that people read are a code and its parameters, never a sentence. */
const Coded = Type.Object({
  code: Text(60),
  params: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()])),
})

export const Place = Type.Object({ epoch: Uuid, seq: Positive })
export const HeadRef = Type.Object({ epoch: Uuid, seq: Whole, hash: Hash })
export type HeadRef = Static<typeof HeadRef>

/** Totals of the epoch after the entry, from zero (JRN-18). */
export const Totals = Type.Object({
  sales: Whole,
  documents: Whole,
  soldMinor: Minor,
  taxMinor: Minor,
  returnedMinor: Minor,
  returnedTaxMinor: Minor,
})
export type Totals = Static<typeof Totals>

/** Invoice I, bill of supply B, credit note C, refund without GST R, provisional slip P, gift-card receipt G (JRN-14a). */
export const DocumentKind = Type.Union([
  Type.Literal('I'),
  Type.Literal('B'),
  Type.Literal('C'),
  Type.Literal('R'),
  Type.Literal('P'),
  Type.Literal('G'),
])
export type DocumentKind = 'I' | 'B' | 'C' | 'R' | 'P' | 'G'

/** A coupon's code, trimmed and in capitals. */
const CouponText = Text(40)

export const TaxKind = Type.Union([
  Type.Literal('taxable'),
  Type.Literal('nil'),
  Type.Literal('exempt'),
  Type.Literal('non-gst'),
])

/** What a person took off, why, and the approval it needed: exactly one of the figures is given. */
const Reasoned = { reason: Text(60), approval: OrNull(Uuid) }
const PercentOff = Type.Object({ percentBp: Positive, ...Reasoned })
const AmountOff = Type.Object({ amountMinor: Positive, ...Reasoned })
const UnitPrice = Type.Object({ unitMinor: Minor, ...Reasoned })
export const BillManual = Type.Union([PercentOff, AmountOff])
export type BillManual = Static<typeof BillManual>
export const LineManual = Type.Union([PercentOff, AmountOff, UnitPrice])
export type LineManual = Static<typeof LineManual>

/** One line as sold: everything that the bill prints and that books need, as priced. 200 of them fit an entry. */
export const DocumentLine = Type.Object({
  uid: Text(8),
  product: Whole,
  batch: OrNull(Whole),
  /** Code as scanned, else the product's first one or its SKU. */
  code: Text(48),
  /** As printed, at most 80 bytes of UTF-8. */
  name: Text(80),
  hsn: Type.String({ maxLength: 8 }),
  uqc: Text(8),
  quantityMilli: Positive,
  list: Whole,
  unitMinor: Minor,
  mrpMinor: OrNull(Minor),
  grossMinor: Minor,
  discountMinor: Minor,
  paidMinor: Minor,
  taxKind: TaxKind,
  rateBp: Whole,
  taxableMinor: Minor,
  cgstMinor: Minor,
  igstMinor: Minor,
  roundOffMinor: SignedMinor,
  rupeeMinor: SignedMinor,
  /** Applied steps of offers and coupons: offer id, what it took off this line, and a coupon's code. */
  offers: Type.Array(Type.Object({ id: Whole, amountMinor: Minor, code: Type.Optional(CouponText) })),
  /** Offer of which this line is a gift (PRC-6k). */
  giftOf: Type.Optional(Whole),
  /** What a person gave on this line (layer 4). */
  manual: Type.Optional(LineManual),
  /** What layers 4 and 5 took off this line; absent is 0. What is left of the discount is the ceiling's. */
  manualMinor: Type.Optional(Minor),
  pointsMinor: Type.Optional(Minor),
  /** Staff id of the salesperson of this line, where it is not the cashier. */
  salesperson: Type.Optional(Uuid),
  /** What a returned line refers to (RET-2): document, line and interval of thousandths. */
  of: Type.Optional(
    Type.Object({ number: Text(16), identity: OrNull(Hash), uid: Text(8), fromMilli: Whole, toMilli: Whole }),
  ),
  /** Why a returned line came back, a code, and in what state: sellable, damaged, tester (RET-4e). */
  returnReason: Type.Optional(Text(60)),
  condition: Type.Optional(Text(20)),
})
export type DocumentLine = Static<typeof DocumentLine>

/** What the till knew of an offer with limits before this bill (PRC-11a); absent is 0. */
export const OfferUse = Type.Object({
  offer: Whole,
  customer: Type.Optional(Whole),
  total: Type.Optional(Whole),
  givenMinor: Type.Optional(Minor),
})

/** An entered code, and what the till knew of it (PRC-11b); absent where it had not asked. */
export const EntryCoupon = Type.Object({
  code: CouponText,
  state: Type.Optional(Type.Union([Type.Literal('usable'), Type.Literal('used'), Type.Literal('unknown')])),
})

export const TaxRow = Type.Object({
  taxKind: TaxKind,
  rateBp: Whole,
  taxableMinor: Minor,
  cgstMinor: Minor,
  igstMinor: Minor,
  roundOffMinor: SignedMinor,
})

/**
 * One document of a bill, as programs hold it; `documentToWire` says how its lines stand in the bytes.
 * Amounts of a credit note are positive; its kind says that they go back.
 */
export const BillDocument = Type.Object({
  number: Text(16),
  kind: DocumentKind,
  issueDate: DateText,
  /** What decided the prices besides lines and rulebook (PRC-9). */
  pricing: Type.Object({
    pricedAt: Instant,
    region: Type.String({ maxLength: 36 }),
    storeState: Text(2),
    placeOfSupply: Text(2),
    tier: OrNull(Text(40)),
    inclusive: Type.Boolean(),
    rupeeRounding: Type.Boolean(),
    isStaff: Type.Optional(Type.Literal(true)),
    isFirstPurchase: Type.Optional(Type.Literal(true)),
    /** Only offers with limits that touch the cart, by id. */
    uses: Type.Optional(Type.Array(OfferUse)),
    /** In the order of entering. */
    coupons: Type.Optional(Type.Array(EntryCoupon)),
    /** What a person gave on the whole bill (layer 4). */
    manual: Type.Optional(BillManual),
    /** Points given as a discount (layer 5). */
    pointsMinor: Type.Optional(Minor),
  }),
  lines: Type.Array(DocumentLine, { maxItems: 200 }),
  taxes: Type.Array(TaxRow),
  mrpTotalMinor: Minor,
  grossMinor: Minor,
  discountMinor: Minor,
  taxableMinor: Minor,
  cgstMinor: Minor,
  igstMinor: Minor,
  roundOffMinor: SignedMinor,
  rupeeMinor: SignedMinor,
  totalMinor: Minor,
  /** GSTIN of a registered buyer: part of the invoice, not personal data (JRN-19). */
  buyerGstin: OrNull(Text(15)),
  /** The original of a credit note or of an exchange's invoice. */
  of: OrNull(Type.Object({ number: Text(16), identity: OrNull(Hash), issueDate: DateText })),
  /** Only on a document that the invoice portal registered (JRN-14d). */
  irn: Type.Optional(Text(64)),
  signedQr: Type.Optional(Text(4000)),
})
export type BillDocument = Static<typeof BillDocument>

/** What was taken (or given back, in a refund) by one way of paying. */
export const Tender = Type.Object({
  kind: Type.Union([
    Type.Literal('cash'),
    Type.Literal('upi'),
    Type.Literal('card'),
    Type.Literal('gift-card'),
    Type.Literal('credit-note'),
    Type.Literal('points'),
    Type.Literal('voucher'),
  ]),
  direction: Type.Union([Type.Literal('in'), Type.Literal('out')]),
  /** What counts towards the bill; change is already taken off. */
  amountMinor: Minor,
  /** Cash as handed over; absent for other kinds. */
  handedMinor: Type.Optional(Minor),
  /** Typed or provider's reference: approval code, UTR, card's last four digits. */
  reference: OrNull(Text(64)),
  /** Attempt of the payment-intent that it settles (JRN-15). */
  attempt: OrNull(Uuid),
})
export type Tender = Static<typeof Tender>

/**
 * Body of a type that may come with personal data: `personalHash` is SHA-256(salt ‖ canonical JSON of
 * the data), null where there is none (JRN-19). Reasons in bodies are codes; a free note is personal data.
 */
const body = <T extends Parameters<typeof Type.Object>[0]>(members: T) =>
  Type.Object({ ...members, personalHash: OrNull(Hash) })

export const SaleBody = body({
  documents: Type.Array(BillDocument, { minItems: 1, maxItems: 2 }),
  tenders: Type.Array(Tender),
  changeMinor: Minor,
  /** Cart from which this one was recalled, and the first cart of that row (JRN-7). */
  recalledFrom: OrNull(Uuid),
  root: Uuid,
  /** Language of the printed bill. */
  language: Text(8),
})
export type SaleBody = Static<typeof SaleBody>

/** Pieces of each denomination, in paise. */
export const CashCount = Type.Object({
  totalMinor: Minor,
  pieces: Type.Array(Type.Object({ denominationMinor: Minor, count: Whole })),
})
export type CashCount = Static<typeof CashCount>

const AmountWithReason = body({
  drawer: OrNull(Uuid),
  amountMinor: Minor,
  reason: Text(60),
  attachment: OrNull(Hash),
})

/** Body of every entry type that a till writes, and of those that servers write. */
export const bodies = {
  'epoch-opened': Type.Object({
    /** base64url of canonical JSON {tenant, store, register, epoch, code, publicKey, keyId} */
    certificate: Text(4000),
    certificateSignature: Text(200),
    predecessor: OrNull(HeadRef),
  }),
  rehomed: Type.Object({ identity: Hash, place: Place, bytes: Text(131072) }),
  renumbered: body({
    identity: Hash,
    oldNumber: Text(16),
    number: Text(16),
    kind: DocumentKind,
    issueDate: DateText,
  }),
  'sign-in': body({ offline: Type.Boolean(), staffUnverified: Type.Boolean() }),
  'sign-out': body({ reason: Text(40), notDurable: Whole }),
  attendance: body({ action: Type.Union([Type.Literal('in'), Type.Literal('out')]) }),
  'shift-opened': body({ drawer: Uuid, float: CashCount, clockConfirmed: Type.Boolean() }),
  'shift-handover': body({ from: Uuid, to: Uuid, count: OrNull(CashCount) }),
  'cash-count': body({
    drawer: Uuid,
    purpose: Type.Union([Type.Literal('spot'), Type.Literal('closing'), Type.Literal('handover')]),
    count: CashCount,
  }),
  /** A closing (JRN-22): last seq and the slots below it that its writer could not count. */
  'shift-closed': body({
    drawer: Uuid,
    count: CashCount,
    expectedMinor: SignedMinor,
    differenceMinor: SignedMinor,
    reason: OrNull(Text(60)),
    notDurable: Whole,
    covers: Type.Array(Type.Object({ epoch: Uuid, lastSeq: Whole, except: Type.Array(Whole) })),
    tenders: Type.Array(Type.Object({ kind: Text(20), inMinor: Minor, outMinor: Minor, count: Whole })),
  }),
  'day-settled': body({
    covers: Type.Array(Type.Object({ epoch: Uuid, lastSeq: Whole, except: Type.Array(Whole) })),
    totals: Type.Record(Type.String(), SignedMinor),
    approvedBy: OrNull(Uuid),
  }),
  sale: SaleBody,
  'void-cart': body({
    reason: Text(60),
    lines: Whole,
    grossMinor: Minor,
    recalledFrom: OrNull(Uuid),
    root: Uuid,
  }),
  hold: body({
    lines: Type.Array(Type.Unknown()),
    recalledFrom: OrNull(Uuid),
    root: Uuid,
  }),
  recall: body({ recalledFrom: Uuid, root: Uuid }),
  'cash-in': AmountWithReason,
  'cash-out': AmountWithReason,
  'safe-drop': body({ drawer: OrNull(Uuid), count: CashCount, bag: OrNull(Text(40)) }),
  'drawer-opened': body({ drawer: OrNull(Uuid), reason: Text(60) }),
  'price-override': body({
    uid: Text(8),
    product: Whole,
    fromMinor: Minor,
    toMinor: Minor,
    reason: Text(60),
    approval: OrNull(Uuid),
  }),
  approval: body({
    approval: Uuid,
    action: Text(40),
    outcome: Type.Union([Type.Literal('allowed'), Type.Literal('approved'), Type.Literal('denied')]),
    by: OrNull(Uuid),
    how: Type.Union([
      Type.Literal('role'),
      Type.Literal('pin'),
      Type.Literal('remote-code'),
      Type.Literal('push'),
    ]),
    amountMinor: OrNull(SignedMinor),
    fingerprint: OrNull(Hash),
    reason: OrNull(Text(60)),
  }),
  'payment-intent': body({
    attempt: Uuid,
    kind: Text(20),
    provider: Text(40),
    amountMinor: Minor,
    direction: Type.Union([Type.Literal('in'), Type.Literal('out')]),
    /** Reference that the provider is asked by; for UPI the `tr` of the link. */
    reference: Text(64),
    expiresAt: OrNull(Instant),
  }),
  'payment-result': body({
    attempt: Uuid,
    state: Type.Union([Type.Literal('paid'), Type.Literal('failed'), Type.Literal('expired')]),
    /** Who says so: provider's answer, or the cashier who read it off a terminal or phone. */
    by: Type.Union([Type.Literal('provider'), Type.Literal('cashier')]),
    amountMinor: Minor,
    providerReference: OrNull(Text(64)),
    detail: OrNull(Coded),
  }),
  'invoice-intent': body({
    number: Text(16),
    kind: DocumentKind,
    issueDate: DateText,
    requestHash: Hash,
  }),
  'invoice-issued': body({
    slip: Hash,
    document: BillDocument,
    irn: Text(64),
    signedQr: OrNull(Text(4000)),
  }),
  'number-cancelled': body({
    number: Text(16),
    kind: DocumentKind,
    issueDate: DateText,
    reason: Text(60),
  }),
  'recovered-bill': body({
    oldNumber: Text(16),
    issueDate: DateText,
    document: BillDocument,
    tenders: Type.Array(Tender),
  }),
  reprint: body({
    identity: Hash,
    number: Text(16),
    job: Uuid,
    copy: Positive,
    reason: OrNull(Text(60)),
  }),
  'stock-count-line': body({
    count: Uuid,
    product: Whole,
    batch: OrNull(Whole),
    quantityMilli: Signed,
    state: Text(20),
    zone: OrNull(Text(40)),
  }),
  /** Something a person must know. `bytes` carries another entry's bytes where a copy was damaged. */
  incident: body({
    kind: Text(60),
    params: Type.Record(
      Type.String(),
      Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]),
    ),
    place: OrNull(Place),
    bytes: Type.Optional(Text(131072)),
  }),
  'clock-changed': body({
    wallBefore: Instant,
    wallAfter: Instant,
    skewMs: Signed,
    confirmedBy: OrNull(Uuid),
  }),
  'app-updated': body({ from: OrNull(Text(40)), to: Text(40) }),
  training: body({ action: Text(40), lines: Whole, totalMinor: Minor }),
  handover: body({
    register: Uuid,
    epoch: Uuid,
    declaration: Type.Union([Type.Literal('clean'), Type.Literal('tail-unknown'), Type.Literal('stolen')]),
    afterSeq: Whole,
    lostNumbers: Type.Array(Text(16)),
    reason: Text(60),
  }),
  'quarantine-released': body({
    identity: Hash,
    place: Place,
    outcome: Type.Union([Type.Literal('act'), Type.Literal('drop')]),
    reason: Text(60),
  }),
  'hole-lost': body({ epoch: Uuid, fromSeq: Whole, toSeq: Whole, reason: Text(60) }),
  'fork-rehomed': Type.Object({ identity: Hash, place: Place, bytes: Text(131072) }),
  'payment-resolved': body({
    attempt: Uuid,
    state: Type.Union([Type.Literal('paid'), Type.Literal('failed'), Type.Literal('expired')]),
    amountMinor: Minor,
    providerReference: OrNull(Text(64)),
  }),
  'sub-grant': body({
    grant: Uuid,
    of: Uuid,
    register: Uuid,
    subject: Text(40),
    amount: Whole,
    expiresAt: Instant,
  }),
  'month-closed': body({
    month: Type.String({ pattern: '^[0-9]{4}-[0-9]{2}$' }),
    gstin: Text(15),
    covers: Type.Array(Type.Object({ epoch: Uuid, lastSeq: Whole, except: Type.Array(Whole) })),
    totals: Type.Record(Type.String(), SignedMinor),
  }),
} as const

export type EntryType = keyof typeof bodies
export type BodyOf<T extends EntryType> = Static<(typeof bodies)[T]>

/**
 * Header of every entry; `type` decides the body. `totals` stands in sale and shift-closed only.
 */
export const EntryHeader = Type.Object({
  v: Type.Literal(1),
  /** Release of the till that wrote it. */
  app: Text(40),
  /** Pricing engine (PRC-9). */
  engine: Positive,
  tenant: Uuid,
  store: Uuid,
  register: Uuid,
  epoch: Uuid,
  seq: Positive,
  prevHash: Hash,
  cart: OrNull(Uuid),
  type: Text(40),
  at: Instant,
  bootId: Uuid,
  monotonicMs: Whole,
  clockOffsetMs: Signed,
  trustAgeMs: OrNull(Whole),
  shift: OrNull(Uuid),
  tradingDay: OrNull(DateText),
  rulebook: OrNull(Type.Object({ version: Whole, checksum: Text(64) })),
  staff: OrNull(Uuid),
  totals: OrNull(Totals),
  /** Only where the staff member was chosen by name, without a PIN (JRN-3). */
  staffUnverified: Type.Optional(Type.Literal(true)),
})
export type EntryHeader = Static<typeof EntryHeader>

export type Entry<T extends EntryType = EntryType> = EntryHeader &
  { [K in T]: { type: K; body: BodyOf<K> } }[T]
