import type { I18n } from '@lingui/core'
import { Problem, type ProblemCode } from '@nexus/contract'

/**
 * A refusal as a sentence with a way out. The server's own sentence names the thing at hand but speaks
 * English; in other languages the catalogue's stands in its place.
 */
export function problemWords(i18n: I18n, error: unknown): string {
  if (!(error instanceof Problem)) {
    return i18n._(
      'problem.not-reached',
      {},
      {
        message: 'The server was not reached. Check the connection, then try again.',
      },
    )
  }
  if (i18n.locale === 'en' && error.message !== '') return error.message
  return sentence(i18n, error.code) ?? error.message
}

function sentence(i18n: I18n, code: ProblemCode): string | undefined {
  switch (code) {
    case 'request/invalid':
      return i18n._(
        'problem.request-invalid',
        {},
        { message: 'Something in the form is not right. Look at the marked fields.' },
      )
    case 'request/not-found':
      return i18n._(
        'problem.request-not-found',
        {},
        { message: 'Nothing is at this address. Go back to the list.' },
      )
    case 'request/too-large':
      return i18n._(
        'problem.too-large',
        {},
        { message: 'The file is larger than the server takes. Split it.' },
      )
    case 'request/too-many':
      return i18n._(
        'problem.too-many',
        {},
        { message: 'Too many attempts came from your address. Wait a minute, then try again.' },
      )
    case 'session/required':
      return i18n._(
        'problem.session-required',
        {},
        { message: 'You are not signed in any more. Sign in again.' },
      )
    case 'session/refused':
      return i18n._(
        'problem.session-refused',
        {},
        {
          message:
            'Name or password is wrong. Check both; an administrator can reset the password under Staff.',
        },
      )
    case 'session/locked':
      return i18n._(
        'problem.session-locked',
        {},
        { message: 'Too many failed attempts. Wait a few minutes, or have the password reset.' },
      )
    case 'session/not-allowed':
      return i18n._(
        'problem.not-allowed',
        {},
        { message: 'Your role does not allow this. Ask an administrator.' },
      )
    case 'store/not-found':
      return i18n._(
        'problem.store-not-found',
        {},
        { message: 'There is no such store among yours. Go back to the list.' },
      )
    case 'store/code-taken':
      return i18n._(
        'problem.store-code-taken',
        {},
        { message: 'Another store has this code. Choose another; it begins the bill numbers.' },
      )
    case 'store/gstin-invalid':
      return i18n._(
        'problem.gstin-invalid',
        {},
        { message: 'This GSTIN is not valid. Compare it with the certificate.' },
      )
    case 'store/gstin-mismatch':
      return i18n._(
        'problem.gstin-mismatch',
        {},
        { message: 'The GSTIN belongs to another State. Correct one of the two.' },
      )
    case 'register/not-found':
      return i18n._(
        'problem.register-not-found',
        {},
        { message: 'There is no such register. Go back to the store.' },
      )
    case 'register/code-taken':
      return i18n._(
        'problem.register-taken',
        {},
        { message: 'The store has a register of this number already. Choose another.' },
      )
    case 'register/store-fixed':
      return i18n._(
        'problem.register-fixed',
        {},
        { message: 'A register stays in its store. Add a register to the other store.' },
      )
    case 'company/not-found':
      return i18n._(
        'problem.company-missing',
        {},
        { message: 'The company is not set up yet. Fill in the settings first.' },
      )
    case 'enrolment/held-after-restore':
      return i18n._(
        'problem.enrolment-held',
        {},
        { message: 'Data were restored: codes wait until every register has reported once.' },
      )
    case 'staff/not-found':
      return i18n._(
        'problem.staff-not-found',
        {},
        { message: 'There is no such person among those you see. Go back to the list.' },
      )
    case 'staff/login-taken':
      return i18n._(
        'problem.login-taken',
        {},
        { message: 'Another person has this sign-in name. Choose another.' },
      )
    case 'staff/pin-weak':
      return i18n._(
        'problem.pin-weak',
        {},
        { message: 'This PIN is too easy to guess. Avoid repeated digits and rows such as 1234.' },
      )
    case 'staff/password-weak':
      return i18n._(
        'problem.password-weak',
        {},
        { message: 'This password is too easy to guess. Take a longer one of several words.' },
      )
    case 'staff/self-lockout':
      return i18n._(
        'problem.self-lockout',
        {},
        { message: 'You would lock yourself out. Ask another administrator to do it.' },
      )
    case 'product/not-found':
      return i18n._(
        'problem.product-not-found',
        {},
        { message: 'There is no such product. Go back to the list.' },
      )
    case 'product/sku-taken':
      return i18n._('problem.sku-taken', {}, { message: 'Another product has this SKU. Choose another.' })
    case 'product/barcode-taken':
      return i18n._(
        'problem.barcode-taken',
        {},
        { message: 'Another product has this barcode. Take it off that product first.' },
      )
    case 'product/barcode-invalid':
      return i18n._(
        'problem.barcode-invalid',
        {},
        { message: 'This barcode is not valid. Compare it with the pack, or scan it.' },
      )
    case 'product/price-above-mrp':
      return i18n._(
        'problem.price-above-mrp',
        {},
        { message: 'The price is above the MRP, which the law forbids. Lower it, or correct the MRP.' },
      )
    case 'product/tax-class-unknown':
      return i18n._(
        'problem.tax-class-unknown',
        {},
        { message: 'There is no such tax class. Choose one of the list.' },
      )
    case 'product/changed-meanwhile':
      return i18n._(
        'problem.changed-meanwhile',
        {},
        { message: 'Somebody else has changed this product since you opened it. Load it again.' },
      )
    case 'import/not-found':
      return i18n._(
        'problem.import-not-found',
        {},
        { message: 'There is no such import. Go back to the list.' },
      )
    case 'import/unreadable':
      return i18n._(
        'problem.import-unreadable',
        {},
        { message: 'The file cannot be read as a table. Save it as CSV, then upload it again.' },
      )
    case 'import/mapping-invalid':
      return i18n._(
        'problem.mapping-invalid',
        {},
        { message: 'The mapping does not fit the file. Look at the marked fields.' },
      )
    case 'price-list/not-found':
      return i18n._(
        'problem.price-list-not-found',
        {},
        { message: 'There is no such price list. Choose one of the list.' },
      )
    case 'price-list/name-taken':
      return i18n._(
        'problem.price-list-name-taken',
        {},
        { message: 'Another price list has this name. Choose another one.' },
      )
    case 'import/running':
      return i18n._(
        'problem.import-running',
        {},
        { message: 'This import is running already. Wait until it is done.' },
      )
    case 'rulebook/cannot-publish':
      return i18n._(
        'problem.cannot-publish',
        {},
        {
          message: 'The rulebook has faults and was not published. Correct the products, then publish again.',
        },
      )
    case 'rulebook/publishing':
      return i18n._(
        'problem.publishing',
        {},
        { message: 'Another publication is under way. Try again in a moment.' },
      )
    case 'coupon/not-found':
      return i18n._(
        'problem.coupon-not-found',
        {},
        { message: 'There is no such code. Search for it in the list of codes.' },
      )
    case 'coupon/batch-not-found':
      return i18n._(
        'problem.coupon-batch-not-found',
        {},
        { message: 'There is no such batch of codes. Choose one of the series.' },
      )
    case 'coupon/batch-reused':
      return i18n._(
        'problem.coupon-batch-reused',
        {},
        { message: 'Other codes were asked for just now. Close this and ask again.' },
      )
    case 'coupon/no-series':
      return i18n._(
        'problem.coupon-no-series',
        {},
        { message: 'This offer has no coupon series. Choose one from the list of coupons.' },
      )
    case 'coupon/offer-over':
      return i18n._(
        'problem.coupon-offer-over',
        {},
        {
          message:
            'This offer is over, so its codes would buy nothing. Copy it, and make codes for the copy.',
        },
      )
    case 'coupon/space-too-small':
      return i18n._(
        'problem.coupon-space',
        {},
        { message: 'So many codes could be guessed. Ask for fewer, or copy the offer with longer codes.' },
      )
    case 'coupon/redeemed':
      return i18n._(
        'problem.coupon-redeemed',
        {},
        { message: 'This code is redeemed already and stays so. Look at its bill instead.' },
      )
    case 'offer/not-found':
      return i18n._(
        'problem.offer-not-found',
        {},
        { message: 'There is no such offer. Go back to the list.' },
      )
    case 'offer/not-draft':
      return i18n._(
        'problem.offer-not-draft',
        {},
        { message: 'A published offer never changes. Copy it and change the copy.' },
      )
    case 'offer/not-published':
      return i18n._(
        'problem.offer-not-published',
        {},
        { message: 'A draft is not in force. Throw it away, or leave it.' },
      )
    case 'offer/changed-meanwhile':
      return i18n._(
        'problem.offer-changed',
        {},
        { message: 'Somebody else has changed this offer since you opened it. Load it again.' },
      )
    case 'offer/has-faults':
      return i18n._(
        'problem.offer-faults',
        {},
        { message: 'The offer is not complete yet. Look at what stands at its fields.' },
      )
    case 'replay/not-found':
      return i18n._(
        'problem.replay-missing',
        {},
        { message: 'This replay is not here. Start one from the page of the offer.' },
      )
    case 'replay/span':
      return i18n._(
        'problem.replay-span',
        {},
        { message: 'Choose at most a year of days, the first before the last.' },
      )
    case 'decision/too-late':
      return i18n._(
        'problem.decision-too-late',
        {},
        {
          message: 'This was settled meanwhile, by somebody else or by the till itself. Load the list again.',
        },
      )
    case 'decision/not-possible':
      return i18n._(
        'problem.decision-not-possible',
        {},
        {
          message:
            'This release of the server cannot do that with this entry. It waits on; update the server.',
        },
      )
    case 'rulebook/none':
      return i18n._(
        'problem.rulebook-none',
        {},
        { message: 'No rulebook was published yet. Publish one, then try again.' },
      )
    case 'rulebook/version-unknown':
      return i18n._(
        'problem.rulebook-version',
        {},
        { message: 'The rulebook of this bill is not kept here any more. Choose a later bill.' },
      )
    case 'bill/not-found':
      return i18n._(
        'problem.bill-not-found',
        {},
        { message: 'There is no such bill among those you see. Go back to the list.' },
      )
    case 'server/busy':
    case 'server/stopping':
      return i18n._('problem.busy', {}, { message: 'The server is busy. Try again in a moment.' })
    case 'server/disk-full':
      return i18n._('problem.disk-full', {}, { message: 'The server has no room left. Tell the operators.' })
    case 'server/unexpected':
      return i18n._(
        'problem.unexpected',
        {},
        { message: 'Something went wrong on our side. Try again; if it stays so, tell the operators.' },
      )
    // Refusals that only tills meet.
    default:
      return undefined
  }
}
