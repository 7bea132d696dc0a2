import type { DocumentDraft } from '@nexus/sync'
import type { Bill, JournalClient, SaleToComplete } from '../../../apps/till/src/journal/index.ts'
import { openJournalClient } from '../../../apps/till/src/journal/index.ts'
import { encodeEscPos } from '../../../apps/till/src/print/escpos.ts'
import { browserPrinter, receiptElement } from '../../../apps/till/src/print/index.ts'
import { rasterise } from '../../../apps/till/src/print/rasterise.ts'
import { openRulebook, type RulebookStore } from '../../../apps/till/src/rulebook/index.ts'
import { listenForScans, type Scan } from '../../../apps/till/src/scan/index.ts'
import {
  type AppUpdates,
  followAppUpdates,
  followStart,
} from '../../../apps/till/src/service-worker/index.ts'
import { openRetention, type RetentionCommands } from './retention-client.ts'

/** What the tests drive: the till's device layer without its screens. */
export type DevicePage = {
  journal: JournalClient
  rulebook: RulebookStore
  updates: AppUpdates
  /** Completes one sale of a cart of its own and answers with its number. */
  sell(totalMinor?: number): Promise<string>
  /** Completes the sale of this cart. */
  complete(cart: string, totalMinor?: number): Promise<Bill>
  /** Scans heard since the page was opened. */
  scans: Scan[]
}

/** Printing needs no till. */
const print = { browserPrinter, receiptElement, encodeEscPos, rasterise }

declare global {
  interface Window {
    till: DevicePage
    paper: typeof print
    /** Starts a till that keeps little; its commands are `retention` then. */
    openRetention(): void
    retention: RetentionCommands
    /** Given by a test that wants each number as soon as it is acknowledged. */
    acknowledge?: (number: string) => Promise<void>
  }
}

window.paper = print
window.openRetention = () => {
  window.retention = openRetention()
}

// `?idle` opens the origin without a till, so that a test can damage what is stored.
if (!location.search.includes('idle')) {
  const journal = openJournalClient()
  const updates = followAppUpdates()
  journal.subscribe(() => followStart(journal.getStatus().state, updates))
  const scans: Scan[] = []
  listenForScans({
    onScan: (scan) => scans.push(scan),
    searchBox: () => document.querySelector<HTMLInputElement>('#search'),
  })
  window.till = {
    journal,
    rulebook: openRulebook({
      deviceToken: journal.deviceToken,
      room: () => journal.getStatus().storage.room,
    }),
    updates,
    scans,
    async sell(totalMinor) {
      const bill = await window.till.complete(crypto.randomUUID(), totalMinor)
      return bill.body.documents[0]?.number ?? ''
    },
    complete: (cart, totalMinor = 10_000) => journal.completeSale(saleOf(cart, totalMinor)),
  }
}

/** A sale of one nil-rated article, paid in cash. */
function saleOf(cart: string, totalMinor: number): SaleToComplete {
  const document: DocumentDraft = {
    kind: 'B',
    pricing: {
      pricedAt: Date.now(),
      region: 'south',
      storeState: '29',
      placeOfSupply: '29',
      tier: null,
      inclusive: true,
      rupeeRounding: false,
    },
    lines: [
      {
        uid: '1',
        product: 1,
        batch: null,
        code: '2900000000018',
        name: 'Bindi',
        hsn: '33049990',
        uqc: 'NOS',
        quantityMilli: 1000,
        list: 1,
        unitMinor: totalMinor,
        mrpMinor: null,
        grossMinor: totalMinor,
        discountMinor: 0,
        paidMinor: totalMinor,
        taxKind: 'nil',
        rateBp: 0,
        taxableMinor: totalMinor,
        cgstMinor: 0,
        igstMinor: 0,
        roundOffMinor: 0,
        rupeeMinor: 0,
        offers: [],
      },
    ],
    taxes: [
      { taxKind: 'nil', rateBp: 0, taxableMinor: totalMinor, cgstMinor: 0, igstMinor: 0, roundOffMinor: 0 },
    ],
    mrpTotalMinor: totalMinor,
    grossMinor: totalMinor,
    discountMinor: 0,
    taxableMinor: totalMinor,
    cgstMinor: 0,
    igstMinor: 0,
    roundOffMinor: 0,
    rupeeMinor: 0,
    totalMinor,
    buyerGstin: null,
    of: null,
  }
  return {
    cart,
    rulebook: { version: 1, checksum: 'A'.repeat(43) },
    documents: [document],
    tenders: [
      {
        kind: 'cash',
        direction: 'in',
        amountMinor: totalMinor,
        handedMinor: totalMinor,
        reference: null,
        attempt: null,
      },
    ],
    changeMinor: 0,
    language: 'en',
    recalledFrom: null,
    root: cart,
    personal: { name: 'Asha', mobile: '9800000000' },
  }
}
