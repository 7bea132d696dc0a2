import { type Static, Type } from 'typebox'

export type ProblemType = {
  status: number
  title: string
  /** `never`: a repeat cannot help, a person must act; `later`: keep it and send again. */
  retry: 'never' | 'later'
}

/** Every refusal that a server gives, by code. Handler, documents and tills read this one table. */
export const problemTypes = {
  'request/invalid': { status: 400, title: 'The request does not match its schema', retry: 'never' },
  'request/not-found': { status: 404, title: 'Nothing is at this address', retry: 'never' },
  'request/too-large': {
    status: 413,
    title: 'The request is larger than this server accepts',
    retry: 'never',
  },
  'request/too-many': { status: 429, title: 'Too many requests', retry: 'later' },
  'request/cross-site': { status: 403, title: 'Another site sent this request', retry: 'never' },
  'session/required': { status: 401, title: 'Sign in first', retry: 'never' },
  'session/refused': { status: 401, title: 'Name or password is wrong', retry: 'never' },
  'session/locked': { status: 429, title: 'Too many failed attempts', retry: 'later' },
  'session/not-allowed': { status: 403, title: 'Your role does not allow this', retry: 'never' },
  'device/unknown': { status: 401, title: 'This till is not known here', retry: 'later' },
  'device/token-expired': { status: 401, title: 'The till must say hello again', retry: 'later' },
  'device/bad-signature': { status: 401, title: 'The device key does not match', retry: 'later' },
  'enrolment/code-unknown': { status: 404, title: 'No such enrolment code', retry: 'never' },
  'enrolment/code-used': { status: 409, title: 'This enrolment code was already used', retry: 'never' },
  'enrolment/code-expired': { status: 410, title: 'This enrolment code has expired', retry: 'never' },
  'enrolment/held-after-restore': {
    status: 503,
    title: 'Codes wait until every register has reported',
    retry: 'later',
  },
  'store-server/unknown': { status: 401, title: 'This store server is not known here', retry: 'later' },
  'store-server/revoked': { status: 403, title: 'This store server was revoked', retry: 'never' },
  'store-server/not-found': { status: 404, title: 'No such store server', retry: 'never' },
  'store-server/hq-away': { status: 503, title: 'Headquarters does not answer', retry: 'later' },
  'store/not-found': { status: 404, title: 'No such store', retry: 'never' },
  'store/code-taken': { status: 409, title: 'Another store has this code', retry: 'never' },
  'store/gstin-mismatch': { status: 422, title: 'GSTIN and State do not match', retry: 'never' },
  'store/gstin-invalid': { status: 422, title: 'The GSTIN is not valid', retry: 'never' },
  'register/not-found': { status: 404, title: 'No such register', retry: 'never' },
  'register/code-taken': {
    status: 409,
    title: 'Another register of the store has this number',
    retry: 'never',
  },
  'register/store-fixed': { status: 409, title: 'A register stays in its store', retry: 'never' },
  'company/not-found': { status: 404, title: 'The company is not set up', retry: 'never' },
  'staff/not-found': { status: 404, title: 'No such person', retry: 'never' },
  'staff/login-taken': { status: 409, title: 'Another person has this sign-in name', retry: 'never' },
  'staff/pin-weak': { status: 422, title: 'This PIN is too easy to guess', retry: 'never' },
  'staff/password-weak': { status: 422, title: 'This password is too easy to guess', retry: 'never' },
  'staff/self-lockout': { status: 409, title: 'You would lock yourself out', retry: 'never' },
  'product/not-found': { status: 404, title: 'No such product', retry: 'never' },
  'product/sku-taken': { status: 409, title: 'Another product has this SKU', retry: 'never' },
  'product/barcode-taken': { status: 409, title: 'Another product has this barcode', retry: 'never' },
  'product/barcode-invalid': { status: 422, title: 'The barcode is not valid', retry: 'never' },
  'product/price-above-mrp': { status: 422, title: 'The price is above the MRP', retry: 'never' },
  'product/tax-class-unknown': { status: 422, title: 'No such tax class', retry: 'never' },
  'product/changed-meanwhile': { status: 409, title: 'Somebody else changed this product', retry: 'never' },
  'price-list/not-found': { status: 404, title: 'No such price list', retry: 'never' },
  'price-list/name-taken': { status: 409, title: 'Another price list has this name', retry: 'never' },
  'import/not-found': { status: 404, title: 'No such import', retry: 'never' },
  'import/unreadable': { status: 422, title: 'The file cannot be read', retry: 'never' },
  'import/mapping-invalid': { status: 422, title: 'The mapping does not fit the file', retry: 'never' },
  'import/running': { status: 409, title: 'This import is running already', retry: 'never' },
  'rulebook/none': { status: 404, title: 'No rulebook has been published', retry: 'later' },
  'rulebook/version-unknown': { status: 404, title: 'This rulebook version is not kept', retry: 'never' },
  'rulebook/cannot-publish': { status: 422, title: 'The rulebook has faults', retry: 'never' },
  'rulebook/publishing': { status: 409, title: 'Another publication is under way', retry: 'later' },
  'rulebook/chunk-unknown': { status: 404, title: 'No such chunk', retry: 'later' },
  'offer/not-found': { status: 404, title: 'No such offer', retry: 'never' },
  'offer/not-draft': { status: 409, title: 'The offer is no draft', retry: 'never' },
  'offer/not-published': { status: 409, title: 'The offer is not published', retry: 'never' },
  'offer/changed-meanwhile': { status: 409, title: 'The offer was changed meanwhile', retry: 'never' },
  'offer/has-faults': { status: 422, title: 'The offer has faults', retry: 'never' },
  'replay/not-found': { status: 404, title: 'No such replay', retry: 'never' },
  'replay/span': { status: 422, title: 'This span of days cannot be replayed', retry: 'never' },
  'coupon/not-found': { status: 404, title: 'No such coupon code', retry: 'never' },
  'coupon/batch-not-found': { status: 404, title: 'No such batch of codes', retry: 'never' },
  'coupon/batch-reused': { status: 409, title: 'This batch id has other content', retry: 'never' },
  'coupon/no-series': { status: 404, title: 'The offer has no coupon series', retry: 'never' },
  'coupon/offer-over': { status: 409, title: 'The offer is over', retry: 'never' },
  'coupon/space-too-small': { status: 422, title: 'So many codes could be guessed', retry: 'never' },
  'coupon/redeemed': { status: 409, title: 'The code is redeemed', retry: 'never' },
  'late-document/not-found': { status: 404, title: 'No such late document', retry: 'never' },
  'bill/not-found': { status: 404, title: 'No such bill', retry: 'never' },
  'entry/not-found': { status: 404, title: 'No such journal entry', retry: 'never' },
  'decision/too-late': { status: 409, title: 'This was settled meanwhile', retry: 'never' },
  'decision/not-possible': { status: 422, title: 'This cannot be decided so', retry: 'never' },
  'stock/opening-reused': { status: 409, title: 'This opening stock id has other content', retry: 'never' },
  'server/busy': { status: 503, title: 'The server is busy', retry: 'later' },
  'server/disk-full': { status: 507, title: 'The server has no room left', retry: 'later' },
  'server/stopping': { status: 503, title: 'The server is stopping', retry: 'later' },
  'server/unexpected': { status: 500, title: 'Something went wrong on our side', retry: 'later' },
} as const satisfies Record<string, ProblemType>

export type ProblemCode = keyof typeof problemTypes

/** RFC 9457 body of every refusal. `type` is `/problems/<code>`; `errors` names fields. */
export const ProblemBody = Type.Object({
  type: Type.String(),
  code: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String(),
  requestId: Type.Optional(Type.String()),
  retry: Type.Union([Type.Literal('never'), Type.Literal('later')]),
  errors: Type.Optional(Type.Array(Type.Object({ field: Type.String(), message: Type.String() }))),
  facts: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
})
export type ProblemBody = Static<typeof ProblemBody>

/** An expected refusal. `detail` is a sentence for people with a way out; `facts` are its data. */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly facts: Record<string, unknown>
  readonly errors: readonly { field: string; message: string }[]

  constructor(
    code: ProblemCode,
    detail: string,
    facts: Record<string, unknown> = {},
    errors: readonly { field: string; message: string }[] = [],
  ) {
    super(detail)
    this.name = 'Problem'
    this.code = code
    this.facts = facts
    this.errors = errors
  }
}
