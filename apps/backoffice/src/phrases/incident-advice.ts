import type { I18n } from '@lingui/core'

/** What to do about an incident, a waiting entry or a difference, in a sentence or two. */
export function incidentAdvice(i18n: I18n, kind: string): string {
  switch (kind) {
    case 'copy-failed':
    case 'primary-lost':
    case 'primary-poorer':
    case 'twin-lost':
    case 'twin-poorer':
    case 'damaged':
    case 'two-entries':
      return i18n._(
        'advice.copies',
        {},
        {
          message:
            'No bill is lost while one copy holds. See that the till sends its bills, then have its storage looked at; replace the device if it happens again.',
        },
      )
    case 'chain-broken':
    case 'hop-forgot':
      return i18n._(
        'advice.chain',
        {},
        {
          message:
            'The till has gone on safely and sends again what is missing. Look whether its queue empties; if it does not, call support with the journal file of the till.',
        },
      )
    case 'issue-date-held':
    case 'clock-changed':
      return i18n._(
        'advice.clock',
        {},
        { message: 'Set the clock of the till, and let the network set it from now on.' },
      )
    case 'fork':
    case 'forked':
      return i18n._(
        'advice.fork',
        {},
        {
          message:
            'The till was copied or set back, so two histories share one place. It sends the bills again by itself at its next contact. If two devices live, keep one, and enrol the other as a register of its own.',
        },
      )
    case 'two-devices':
      return i18n._(
        'advice.two-devices',
        {},
        {
          message:
            'No bill is lost, but cash is counted for both. Choose the device that stays. On the page of the store add a register for the other one, declare its old life gone, and enrol it with the new code.',
        },
      )
    case 'hole-declared':
      return i18n._(
        'advice.hole',
        {},
        {
          message:
            'Look for the entries on the device, in its exported journal and on a store server. Declare them lost only when all of these are searched.',
        },
      )
    case 'hole-lost':
    case 'tail-lost':
      return i18n._(
        'advice.lost',
        {},
        {
          message:
            'Compare cash, card slips and paper bills of that time with the books, and enter what is missing. If the device turns up, connect it: what it holds is still taken.',
        },
      )
    case 'device-stolen':
    case 'stolen-entry':
    case 'stolen':
      return i18n._(
        'advice.stolen',
        {},
        {
          message:
            'Report the theft. Compare what waits with paper and cash of the store: let genuine sales act, drop the others.',
        },
      )
    case 'cart-closed-twice':
      return i18n._(
        'advice.cart-twice',
        {},
        {
          message:
            'Ask the store whether the customer paid twice. If so, take one of the bills back as a return.',
        },
      )
    case 'number-twice':
      return i18n._(
        'advice.number-twice',
        {},
        {
          message:
            'Both bills stand. The server gives the second one a new number; its bill’s page shows it. Send it to the customer where the bill was for a business.',
        },
      )
    case 'unreadable':
    case 'schema-failed':
    case 'too-large':
    case 'inner-mismatch':
      return i18n._(
        'advice.unreadable',
        {},
        {
          message:
            'Ask the store what was sold at that time, and compare with paper and cash. Update the server first if the till is newer. Drop it only when the sale was entered in another way.',
        },
      )
    case 'unknown-type':
    case 'underivable':
      return i18n._(
        'advice.update',
        {},
        { message: 'Update this server: the entry then acts by itself. Do not drop it.' },
      )
    case 'wrong-place':
    case 'wrong-writer':
      return i18n._(
        'advice.wrong-place',
        {},
        {
          message:
            'A sound till does not write this. Compare the sale with the paper in the store; let it act if it is genuine, and have the device looked at.',
        },
      )
    case 'certificate-mismatch':
      return i18n._(
        'advice.certificate',
        {},
        {
          message: 'Somebody may have tampered with the till. Stop using it until support has looked at it.',
        },
      )
    case 'personal-mismatch':
      return i18n._(
        'advice.personal',
        {},
        {
          message:
            'The bill stands; the customer’s data beside it were not kept. Ask for them again if they are needed.',
        },
      )
    case 'price/differs':
    case 'tax/differs':
      return i18n._(
        'advice.price',
        {},
        {
          message:
            'Open the bill and read why each price was given. If the till was right, close this; if the price was wrong, correct the price list or offer.',
        },
      )
    case 'totals':
    case 'totals-missing':
    case 'totals-unexpected':
    case 'first-entry':
    case 'number-foreign':
      return i18n._(
        'advice.totals',
        {},
        {
          message:
            'Verify the journal of the register with nexus verify. If it holds, close this with what you found; else stop using the till and call support.',
        },
      )
    default:
      return i18n._(
        'advice.other',
        {},
        {
          message:
            'Look at the details, ask the store where they do not explain it, and close this with what you found.',
        },
      )
  }
}
