import type { Hole, SignedCheckpoint } from '../messages.ts'
import { ChainCheck, type ChainReport, type ChainTools } from '../verify/chain-check.ts'

/** One epoch of a journal, as a whole. */
export type ChainInput = {
  epoch: string
  /** In order of seq. */
  entries: readonly { seq: number; bytes: Uint8Array }[]
  /** Slots that were declared lost. */
  holes: readonly Hole[]
  checkpoints: readonly SignedCheckpoint[]
  /** A head or countersigned checkpoint that the verifier trusts for another reason (JRN-17). */
  trusted: { seq: number; hash: string } | null
}

/** Checks one epoch of a journal without any server (JRN-17) and names the first bad entry. */
export function verifyChain(
  { epoch, entries, holes, checkpoints, trusted }: ChainInput,
  tools: Pick<ChainTools, 'sha256' | 'verify' | 'enrolmentKeys'>,
): ChainReport {
  const chain = new ChainCheck({ ...tools, epoch })
  if (trusted !== null) chain.trust(trusted)
  for (const hole of holes) chain.declareHole(hole)
  for (const signed of checkpoints) if (signed.checkpoint.epoch === epoch) chain.checkpoint(signed)
  for (const { seq, bytes } of entries) chain.add(seq, bytes)
  chain.end()
  return chain.report()
}
