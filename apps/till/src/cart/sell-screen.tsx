import { useEffect } from 'react'
import { Header } from '../app/header.tsx'
import { NoticeBar } from '../app/notice-bar.tsx'
import { focusBox, SCAN_BOX } from '../app/use-keyboard.ts'
import { useTillState } from '../app/use-till.ts'
import { DoubtBanner } from '../bills/doubt-banner.tsx'
import { PaidPanel } from '../pay/paid-panel.tsx'
import { PayPanel } from '../pay/pay-panel.tsx'
import { CartList } from './cart-list.tsx'
import { KeyHints } from './key-hints.tsx'
import { LineBar } from './line-bar.tsx'
import { Prompts } from './prompts.tsx'
import { ScanBox } from './scan-box.tsx'
import { ShiftEndBanner } from './shift-end-banner.tsx'
import { Spoken } from './spoken.tsx'
import { TotalsPanel } from './totals-panel.tsx'

/** The one screen: the cart on the left, never hidden; totals, Pay or the paid bill on the right. */
export function SellScreen() {
  const mode = useTillState((state) =>
    state.pay !== undefined ? 'pay' : state.paid !== undefined ? 'paid' : 'totals',
  )
  useEffect(() => {
    if (mode !== 'pay') focusBox(SCAN_BOX)
  }, [mode])
  return (
    <div className={`sell mode-${mode}`}>
      <Header />
      <main className="workspace">
        <section className="sale">
          <ScanBox />
          <CartList />
          <LineBar />
          <Prompts />
          <KeyHints />
          <NoticeBar />
        </section>
        <aside className="panel">
          <DoubtBanner />
          <ShiftEndBanner />
          {mode === 'pay' ? <PayPanel /> : mode === 'paid' ? <PaidPanel /> : <TotalsPanel />}
        </aside>
      </main>
      <Spoken />
    </div>
  )
}
