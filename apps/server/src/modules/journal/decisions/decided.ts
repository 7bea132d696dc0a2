import { Problem } from '@nexus/contract'

/** A remark as an own entry carries it: beside the chain; nothing where there is none. */
export function personalOf(remark: string): { personal?: { remark: string } } {
  const text = remark.trim()
  return text === '' ? {} : { personal: { remark: text } }
}

/** The second press finds it decided, and says how. */
export function settledAlready(outcome: string): Problem {
  return new Problem(
    'decision/too-late',
    'This was settled meanwhile, by somebody else or by the till itself. Load the list again.',
    { outcome },
  )
}
