import { createContext, use, useEffect, useState, useSyncExternalStore } from 'react'
import { useStore } from 'zustand'
import type { Printing } from '../bills/printing.ts'
import type { JournalStatus } from '../journal/index.ts'
import type { Catalogue, RulebookState } from '../rulebook/index.ts'
import type { AppUpdates } from '../service-worker/index.ts'
import type { TillState } from './state.ts'
import type { Till } from './till.ts'

/** What every screen may use: the engine, and the parts of the device that are no engine's business. */
export type TillApp = { till: Till; updates: AppUpdates; printing: Printing }

export const TillContext = createContext<TillApp | undefined>(undefined)

export function useTillApp(): TillApp {
  const app = use(TillContext)
  if (app === undefined) throw new Error('the till stands around every screen')
  return app
}

export function useTill(): Till {
  return useTillApp().till
}

/** A member of the engine's state; the component is drawn again when that member changes. */
export function useTillState<T>(select: (state: TillState) => T): T {
  return useStore(useTill().store, select)
}

/** A member of the journal's status. `select` gives a member as it is, never a new object. */
export function useJournal<T>(select: (status: JournalStatus) => T): T {
  const { journal } = useTill().parts
  return useSyncExternalStore(journal.subscribe, () => select(journal.getStatus()))
}

/** A member of the rulebook's state. */
export function useRulebook<T>(select: (state: RulebookState) => T): T {
  const { rulebook } = useTill().parts
  return useSyncExternalStore(rulebook.subscribe, () => select(rulebook.getState()))
}

/** The version that the open cart is priced from; undefined until one is on this device. */
export function useCatalogue(): Catalogue | undefined {
  const till = useTill()
  useRulebook((state) => state.version)
  return till.catalogue()
}

/** The till's time, renewed on every full `everyMs`. */
export function useNow(everyMs: number): number {
  const till = useTill()
  const [now, setNow] = useState(till.now)
  useEffect(() => {
    let timer = 0
    const next = () => {
      setNow(till.now())
      timer = window.setTimeout(next, everyMs - (till.now() % everyMs))
    }
    timer = window.setTimeout(next, everyMs - (till.now() % everyMs))
    return () => window.clearTimeout(timer)
  }, [till, everyMs])
  return now
}
