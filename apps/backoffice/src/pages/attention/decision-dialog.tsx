import { Alert, Button, Group, NativeSelect, Stack, Text, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type AnyEndpoint, keyOf } from '../../app/api.ts'
import { Dialog } from '../../app/dialog.tsx'
import { problemWords } from '../../phrases/problem-words.ts'
import { useWords } from '../../words/use-words.ts'

type Props<Reason extends string> = {
  title: string
  /** What will happen, and what will not. */
  text: string
  /** Of which one must be chosen; none: only a remark is asked for. */
  reasons?: readonly { value: Reason; label: string }[]
  /** Where the remark is all there is. */
  remarkRequired?: boolean
  confirm: string
  /** It cannot be taken back. */
  final?: boolean
  run: (given: { reason: Reason | undefined; remark: string }) => Promise<unknown>
  /** Lists that show something else afterwards. */
  changes: readonly AnyEndpoint[]
  onDone: () => void
  onClose: () => void
}

/** Asks why, says what follows, and decides. */
export function DecisionDialog<Reason extends string>(props: Props<Reason>) {
  const i18n = useWords()
  const queries = useQueryClient()
  const [reason, setReason] = useState<Reason | undefined>()
  const [remark, setRemark] = useState('')
  const [asked, setAsked] = useState(false)
  const decide = useMutation({
    mutationFn: () => props.run({ reason, remark: remark.trim() }),
    onSuccess: async () => {
      for (const endpoint of props.changes) await queries.invalidateQueries({ queryKey: keyOf(endpoint) })
      props.onDone()
      props.onClose()
    },
  })
  const required = i18n._('form.required', {}, { message: 'Fill this in.' })
  const reasonMissing = props.reasons !== undefined && reason === undefined
  const remarkMissing = props.remarkRequired === true && remark.trim() === ''
  return (
    <Dialog opened onClose={props.onClose} title={props.title}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          setAsked(true)
          if (!reasonMissing && !remarkMissing) decide.mutate()
        }}
      >
        <Stack>
          {decide.error && (
            <Alert role="alert" color="red" variant="outline">
              {problemWords(i18n, decide.error)}
            </Alert>
          )}
          <Text>{props.text}</Text>
          {props.reasons && (
            <NativeSelect
              label={i18n._('decision.reason', {}, { message: 'Why' })}
              value={reason ?? ''}
              error={asked && reasonMissing && required}
              onChange={(event) =>
                setReason(props.reasons?.find(({ value }) => value === event.currentTarget.value)?.value)
              }
              data={[
                { value: '', label: i18n._('decision.choose', {}, { message: 'Choose …' }) },
                ...props.reasons,
              ]}
            />
          )}
          <Textarea
            label={i18n._('decision.remark', {}, { message: 'Remark' })}
            value={remark}
            maxLength={500}
            autosize
            minRows={2}
            error={asked && remarkMissing && required}
            onChange={(event) => setRemark(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={props.onClose} data-autofocus>
              {i18n._('action.cancel', {}, { message: 'Cancel' })}
            </Button>
            <Button type="submit" loading={decide.isPending} {...(props.final && { color: 'red' })}>
              {props.confirm}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
