import type { I18n } from '@lingui/core'
import { Alert, Button, Group, NativeSelect, Radio, Stack, Text, Textarea, TextInput } from '@mantine/core'
import {
  type Declaration,
  declarations,
  declareHandover,
  getStore,
  type HandoverReason,
  handoverReasons,
  listRegisterDevices,
  listStores,
  type Register,
  type RegisterDevice,
} from '@nexus/contract'
import { formatRupees } from '@nexus/domain'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, asks, keyOf } from '../../app/api.ts'
import { Dialog } from '../../app/dialog.tsx'
import { Loading, Trouble } from '../../app/states.tsx'
import { tell } from '../../app/tell.ts'
import { countText, moment } from '../../phrases/figures.ts'
import { problemWords } from '../../phrases/problem-words.ts'
import { useWords } from '../../words/use-words.ts'

type Props = { register: Register; onClose: () => void }

/** A manager declares that a device of a register is gone (JRN-21): what was heard of it, and what is said. */
export function HandoverDialog({ register, onClose }: Props) {
  const i18n = useWords()
  const query = useQuery(asks(listRegisterDevices, { params: { registerId: register.id } }))
  return (
    <Dialog
      opened
      size="lg"
      onClose={onClose}
      title={i18n._('handover.title', { name: register.name }, { message: 'Device of {name} is gone' })}
    >
      {query.isError ? (
        <Trouble error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data === undefined ? (
        <Loading />
      ) : query.data.devices.length === 0 ? (
        <Text>
          {i18n._(
            'handover.none',
            {},
            { message: 'This register never had a device. There is nothing to declare.' },
          )}
        </Text>
      ) : (
        <HandoverForm register={register} devices={query.data.devices} onClose={onClose} />
      )}
    </Dialog>
  )
}

function HandoverForm({ register, devices, onClose }: Props & { devices: readonly RegisterDevice[] }) {
  const i18n = useWords()
  const queries = useQueryClient()
  const [epoch, setEpoch] = useState(devices[0]?.epoch ?? '')
  const [declaration, setDeclaration] = useState<Declaration | undefined>()
  const [reason, setReason] = useState<HandoverReason | undefined>()
  const [numbers, setNumbers] = useState('')
  const [remark, setRemark] = useState('')
  const [asked, setAsked] = useState(false)
  const device = devices.find((one) => one.epoch === epoch)
  const save = useMutation({
    mutationFn: async () => {
      if (declaration === undefined || reason === undefined) return
      await ask(declareHandover, {
        params: { registerId: register.id },
        body: {
          epoch,
          declaration,
          reason,
          lastNumbers:
            declaration === 'clean'
              ? []
              : numbers
                  .toUpperCase()
                  .split(/[\s,;]+/)
                  .filter(Boolean),
          remark: remark.trim(),
        },
      })
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: keyOf(getStore) })
      void queries.invalidateQueries({ queryKey: keyOf(listStores) })
      void queries.invalidateQueries({ queryKey: keyOf(listRegisterDevices) })
      tell(i18n, i18n._('handover.done', {}, { message: 'Declared. Enrol the next device with a new code.' }))
      onClose()
    },
  })
  const required = i18n._('form.required', {}, { message: 'Fill this in.' })
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        setAsked(true)
        if (declaration !== undefined && reason !== undefined) save.mutate()
      }}
    >
      <Stack>
        {save.error && (
          <Alert role="alert" color="red" variant="outline">
            {problemWords(i18n, save.error)}
          </Alert>
        )}
        {devices.length > 1 && (
          <NativeSelect
            label={i18n._('handover.device', {}, { message: 'Device' })}
            value={epoch}
            onChange={(event) => setEpoch(event.currentTarget.value)}
            data={devices.map((one) => ({
              value: one.epoch,
              label: one.movedAt === null ? one.code : `${one.code} · ${moment(one.movedAt)}`,
            }))}
          />
        )}
        {device && <Heard device={device} register={register} />}
        <Radio.Group
          label={i18n._('handover.declaration', {}, { message: 'What is known' })}
          value={declaration ?? null}
          onChange={(value) => setDeclaration(declarations.find((one) => one === value))}
          error={asked && declaration === undefined && required}
        >
          <Stack gap="xs" my="xs">
            {declarations.map((one) => {
              const { label, description } = declarationWords(i18n, one)
              return <Radio key={one} value={one} label={label} description={description} />
            })}
          </Stack>
        </Radio.Group>
        <NativeSelect
          label={i18n._('decision.reason', {}, { message: 'Why' })}
          value={reason ?? ''}
          error={asked && reason === undefined && required}
          onChange={(event) => setReason(handoverReasons.find((one) => one === event.currentTarget.value))}
          data={[
            { value: '', label: i18n._('decision.choose', {}, { message: 'Choose …' }) },
            ...handoverReasons.map((value) => ({ value, label: reasonName(i18n, value) })),
          ]}
        />
        {declaration !== undefined && declaration !== 'clean' && (
          <TextInput
            label={i18n._('handover.numbers', {}, { message: 'Highest bill number seen on paper' })}
            description={i18n._(
              'handover.numbers-hint',
              {},
              {
                message:
                  'Of each series one, if there is any. Bills up to it that are not here are then named lost with the device.',
              },
            )}
            value={numbers}
            onChange={(event) => setNumbers(event.currentTarget.value)}
          />
        )}
        <Textarea
          label={i18n._('decision.remark', {}, { message: 'Remark' })}
          value={remark}
          maxLength={500}
          autosize
          minRows={2}
          onChange={(event) => setRemark(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {i18n._('action.cancel', {}, { message: 'Cancel' })}
          </Button>
          <Button type="submit" color="red" loading={save.isPending}>
            {i18n._('handover.declare', {}, { message: 'Declare' })}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** What arrived of the device, what it announced, and what was said of it before. */
function Heard({ device, register }: { device: RegisterDevice; register: Register }) {
  const i18n = useWords()
  const { told, headSeq, headHash, movedAt } = device
  const missing = told === null ? 0 : Math.max(0, told.seq - headSeq)
  return (
    <Stack gap="xs">
      <dl className="facts">
        <div className="fact">
          <dt>{i18n._('register.head', {}, { message: 'Entries here' })}</dt>
          <dd>{movedAt === null ? countText(0) : `${countText(headSeq)} · ${moment(movedAt)}`}</dd>
        </div>
        <div className="fact">
          <dt>{i18n._('entry.hash', {}, { message: 'Hash' })}</dt>
          <dd className="hash">{headHash ?? '–'}</dd>
        </div>
        <div className="fact">
          <dt>{i18n._('handover.told', {}, { message: 'Announced last' })}</dt>
          <dd>{told === null ? '–' : `${countText(told.seq)} · ${moment(told.at)}`}</dd>
        </div>
        {told !== null && (register.queuedEntries ?? 0) > 0 && (
          <div className="fact">
            <dt>{i18n._('register.queue', {}, { message: 'Only there' })}</dt>
            <dd>{`${countText(register.queuedEntries ?? 0)} · ${formatRupees(register.queuedMinor ?? 0)}`}</dd>
          </div>
        )}
      </dl>
      {missing > 0 && (
        <Alert color="orange" variant="outline">
          {i18n._(
            'handover.missing',
            { count: missing },
            { message: '{count} entries that the device announced never came here.' },
          )}
        </Alert>
      )}
      {device.declarations.map((one) => (
        <Text key={one.at} fz="sm">
          {i18n._(
            'handover.said',
            { at: moment(one.at), by: one.by ?? '–', what: declarationWords(i18n, one.declaration).label },
            { message: 'Declared on {at} by {by}: {what}' },
          )}
        </Text>
      ))}
    </Stack>
  )
}

function declarationWords(i18n: I18n, declaration: Declaration): { label: string; description: string } {
  switch (declaration) {
    case 'clean':
      return {
        label: i18n._('handover.clean', {}, { message: 'Everything arrived' }),
        description: i18n._(
          'handover.clean-hint',
          {},
          { message: 'The till showed an empty queue before it was taken away.' },
        ),
      }
    case 'tail-unknown':
      return {
        label: i18n._('handover.tail', {}, { message: 'Bills may be lost with it' }),
        description: i18n._(
          'handover.tail-hint',
          {},
          {
            message:
              'Nobody knows what it sold after the last entry here. If it turns up, it is still taken.',
          },
        ),
      }
    case 'stolen':
      return {
        label: i18n._('handover.stolen', {}, { message: 'It was stolen' }),
        description: i18n._(
          'handover.stolen-hint',
          {},
          { message: 'What it sends from now on waits in quarantine for a person.' },
        ),
      }
  }
}

function reasonName(i18n: I18n, reason: HandoverReason): string {
  switch (reason) {
    case 'replaced':
      return i18n._('handover.replaced', {}, { message: 'Replaced by another device' })
    case 'broken':
      return i18n._('handover.broken', {}, { message: 'Broken' })
    case 'lost':
      return i18n._('handover.lost', {}, { message: 'Not to be found' })
    case 'stolen':
      return i18n._('handover.reason-stolen', {}, { message: 'Stolen' })
    case 'other':
      return i18n._('reason.other', {}, { message: 'Another reason, see the remark' })
  }
}
