import './service-worker/start-guard.ts'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'
import { openKeeper } from './app/keeper.ts'
import { createTill } from './app/till.ts'
import { TillContext } from './app/use-till.ts'
import { uuidV7 } from './app/uuid.ts'
import { openPrinting } from './bills/printing.ts'
import { couponGrants, openGrantStore } from './cart/coupon-grants.ts'
import { readPreferences } from './device/index.ts'
import { openJournalClient } from './journal/index.ts'
import { openRulebook } from './rulebook/index.ts'
import { playSound } from './scan/index.ts'
import { followAppUpdates, followStart, reportRefusedVersion } from './service-worker/index.ts'
import './styles/till.css'
import { WordsContext } from './words/use-words.ts'
import { openWords } from './words/words.ts'

/** Rows and offers begin and end on minutes, mostly. */
const REPRICE_EVERY_MS = 10_000

const journal = openJournalClient()
const rulebook = openRulebook({
  deviceToken: journal.deviceToken,
  room: () => journal.getStatus().storage.room,
})
const updates = followAppUpdates()
journal.subscribe(() => followStart(journal.getStatus().state, updates))
const [words, keeper] = await Promise.all([openWords(readPreferences().language), openKeeper()])
const printing = openPrinting(journal, words, (id) => rulebook.current()?.offer(id)?.name)

const till = createTill({
  journal,
  rulebook,
  keeper,
  coupons: couponGrants(journal, openGrantStore(), () => Date.now() + journal.getStatus().clock.offsetMs),
  printBill: printing.print,
  layOut: printing.layOut,
  // Behind the frame that shows the line: making a tone takes longer than drawing it.
  playSound: (sound) => setTimeout(playSound, 0, sound),
  wallMs: () => Date.now(),
  newId: () => uuidV7(Date.now()),
  language: () => words.i18n.locale,
})
reportRefusedVersion(journal, updates)
setInterval(till.pay.tick, 1000)
setInterval(till.cart.reprice, REPRICE_EVERY_MS)

const followLanguage = () => {
  document.documentElement.lang = words.i18n.locale
}
words.i18n.on('change', followLanguage)
followLanguage()

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has the root element')
createRoot(root).render(
  <StrictMode>
    <WordsContext value={words}>
      <TillContext value={{ till, updates, printing }}>
        <App />
      </TillContext>
    </WordsContext>
  </StrictMode>,
)
