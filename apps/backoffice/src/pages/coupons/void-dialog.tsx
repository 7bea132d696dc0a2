import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import {
  getCouponSeries,
  listAudit,
  listCouponCodes,
  listCouponSeries,
  voidCouponBatch,
  voidCouponCode,
} from '@nexus/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ask, keyOf } from '../../app/api.ts'
import { Dialog } from '../../app/dialog.tsx'
import { problemWords } from '../../phrases/problem-words.ts'
import { useWords } from '../../words/use-words.ts'

/** What is to become void: one code, or all of a batch that are not redeemed. */
export type Voidable = { kind: 'code'; code: string } | { kind: 'batch'; id: string; name: string }

type Props = { what: Voidable; onClose: () => void }

/** Asks once more before codes become void, since nothing brings them back. */
export function VoidDialog({ what, onClose }: Props) {
  const i18n = useWords()
  const queries = useQueryClient()
  const toVoid = useMutation({
    mutationFn: async () => {
      if (what.kind === 'code') await ask(voidCouponCode, { params: { code: what.code } })
      else await ask(voidCouponBatch, { params: { batchId: what.id } })
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: keyOf(listCouponCodes) })
      void queries.invalidateQueries({ queryKey: keyOf(getCouponSeries) })
      void queries.invalidateQueries({ queryKey: keyOf(listCouponSeries) })
      void queries.invalidateQueries({ queryKey: keyOf(listAudit) })
      onClose()
    },
  })
  return (
    <Dialog
      opened
      onClose={onClose}
      title={
        what.kind === 'code'
          ? i18n._('coupons.void-code', { code: what.code }, { message: 'Make {code} void' })
          : i18n._('coupons.void-batch', { name: what.name }, { message: 'Make the codes of {name} void' })
      }
    >
      <Stack>
        {toVoid.error && (
          <Alert role="alert" color="red" variant="outline">
            {problemWords(i18n, toVoid.error)}
          </Alert>
        )}
        <Text>
          {what.kind === 'code'
            ? i18n._(
                'coupons.void-code-text',
                {},
                {
                  message:
                    'No till takes it from now on, and nothing brings it back. A till that reserved it before may still redeem it until its reservation ends.',
                },
              )
            : i18n._(
                'coupons.void-batch-text',
                {},
                {
                  message:
                    'No till takes any of them from now on, and nothing brings them back. Redeemed ones stay redeemed; a till that reserved one before may still redeem it until its reservation ends.',
                },
              )}
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {i18n._('action.cancel', {}, { message: 'Cancel' })}
          </Button>
          <Button color="red" onClick={() => toVoid.mutate()} loading={toVoid.isPending}>
            {i18n._('coupons.make-void', {}, { message: 'Make void' })}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
