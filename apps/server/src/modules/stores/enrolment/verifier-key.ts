import type { Context } from '../../../context.ts'
import { verifierKeyOf } from './issue-epochs.ts'
import { findEpoch } from './sql.ts'

/** Key of the PIN verifiers of the device that holds an epoch, 32 bytes; undefined for an unknown epoch. */
export async function deviceVerifierKey(context: Context, epochId: string): Promise<Buffer | undefined> {
  const epoch = await findEpoch(context.database.read, epochId)
  return epoch && verifierKeyOf(context, epoch)
}
