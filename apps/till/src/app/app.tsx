import { useSyncExternalStore } from 'react'
import { BillDialog } from '../bills/bill-dialog.tsx'
import { BillsDialog } from '../bills/bills-dialog.tsx'
import { QueueDialog } from '../bills/queue-dialog.tsx'
import { ByHandDialog } from '../cart/by-hand-dialog.tsx'
import { CameraDialog } from '../cart/camera-dialog.tsx'
import { CouponsDialog } from '../cart/coupons-dialog.tsx'
import { GiftDialog } from '../cart/gift-dialog.tsx'
import { LineDialog } from '../cart/line-dialog.tsx'
import { MrpDialog } from '../cart/mrp-dialog.tsx'
import { SellScreen } from '../cart/sell-screen.tsx'
import { VoidCartDialog } from '../cart/void-cart-dialog.tsx'
import { ReturnDialog } from '../returns/return-dialog.tsx'
import { CloseShiftDialog } from '../screens/close-shift-dialog.tsx'
import { EnrolScreen } from '../screens/enrol-screen.tsx'
import { HelpDialog } from '../screens/help-dialog.tsx'
import { KeyLostScreen } from '../screens/key-lost-screen.tsx'
import { OpenShiftScreen } from '../screens/open-shift-screen.tsx'
import { RemoveRegisterDialog } from '../screens/remove-register-dialog.tsx'
import { SignInScreen } from '../screens/sign-in-screen.tsx'
import { SignOutDialog } from '../screens/sign-out-dialog.tsx'
import { FailedScreen, ReadOnlyScreen, RetiredScreen, StartingScreen } from '../screens/stopped-screen.tsx'
import { TakeOverShiftScreen } from '../screens/take-over-shift-screen.tsx'
import { type Phase, phaseOf } from './phase.ts'
import type { Dialog } from './state.ts'
import { useKeyboard } from './use-keyboard.ts'
import { useTill, useTillState } from './use-till.ts'

/** The screen that follows from what is true, and the dialog over it. */
export function App() {
  useKeyboard()
  const phase = usePhase()
  const dialog = useTillState((state) => state.dialog)
  return (
    <>
      <Screen phase={phase} />
      {dialog && <OpenDialog key={keyOf(dialog)} dialog={dialog} />}
    </>
  )
}

function usePhase(): Phase {
  const till = useTill()
  const locked = useTillState((state) => state.locked)
  const holder = useTillState((state) => state.holder)
  const sellsWithoutKey = useTillState((state) => state.sellsWithoutKey)
  const draft = useTillState((state) => state.draft)
  const paid = useTillState((state) => state.paid)
  const { journal } = till.parts
  return useSyncExternalStore(journal.subscribe, () =>
    phaseOf(journal.getStatus(), { locked, holder, sellsWithoutKey, draft, paid }),
  )
}

function Screen({ phase }: { phase: Phase }) {
  switch (phase) {
    case 'starting':
      return <StartingScreen />
    case 'failed':
      return <FailedScreen />
    case 'enrol':
      return <EnrolScreen />
    case 'key-lost':
      return <KeyLostScreen />
    case 'read-only':
      return <ReadOnlyScreen />
    case 'retired':
      return <RetiredScreen />
    case 'sign-in':
      return <SignInScreen />
    case 'open-shift':
      return <OpenShiftScreen />
    case 'take-over-shift':
      return <TakeOverShiftScreen />
    case 'sell':
      return <SellScreen />
  }
}

function OpenDialog({ dialog }: { dialog: Dialog }) {
  switch (dialog.kind) {
    case 'line':
      return <LineDialog uid={dialog.uid} />
    case 'mrp':
      return <MrpDialog uid={dialog.uid} choices={dialog.choices} />
    case 'by-hand':
      return <ByHandDialog target={dialog.target} />
    case 'coupons':
      return <CouponsDialog />
    case 'gift':
      return <GiftDialog offerId={dialog.offerId} />
    case 'void-cart':
      return <VoidCartDialog />
    case 'bills':
      return <BillsDialog />
    case 'bill':
      return <BillDialog bill={dialog.bill} from={dialog.from} />
    case 'help':
      return <HelpDialog />
    case 'close-shift':
      return <CloseShiftDialog />
    case 'sign-out':
      return <SignOutDialog />
    case 'queue':
      return <QueueDialog />
    case 'remove-register':
      return <RemoveRegisterDialog />
    case 'camera':
      return <CameraDialog />
    case 'return':
      return <ReturnDialog />
  }
}

/** Another line's or bill's dialog is another dialog, with a focus of its own. */
function keyOf(dialog: Dialog): string {
  if (dialog.kind === 'line' || dialog.kind === 'mrp') return `${dialog.kind} ${dialog.uid}`
  if (dialog.kind === 'by-hand') {
    return `by-hand ${dialog.target.on === 'line' ? dialog.target.uid : ''}`
  }
  return dialog.kind === 'bill' ? `bill ${dialog.bill.identity}` : dialog.kind
}
