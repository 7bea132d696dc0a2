import { Badge, Button, Group, Stack, Text } from '@mantine/core'
import type { Register, Store } from '@nexus/contract'
import { formatRupees, newestApp, registerHealth } from '@nexus/domain'
import { useState } from 'react'
import { DataTable } from '../../app/data-table.tsx'
import { PlusIcon } from '../../app/icons.tsx'
import { Section } from '../../app/section.tsx'
import { useMay } from '../../app/session.ts'
import { agoWords } from '../../phrases/date-words.ts'
import { countText } from '../../phrases/figures.ts'
import { useWords } from '../../words/use-words.ts'
import { EnrolmentCodeDialog } from './enrolment-code-dialog.tsx'
import { HandoverDialog } from './handover-dialog.tsx'
import { ailmentWords } from './health-words.ts'
import { LevelMark } from './level-mark.tsx'
import { RegisterDialog } from './register-dialog.tsx'

type Props = { store: Store; now: number }

/** The tills of a store: how each is, its settings, codes that enrol a device. */
export function StoreRegisters({ store, now }: Props) {
  const i18n = useWords()
  const may = useMay()
  const [edited, setEdited] = useState<Register | 'new'>()
  const [enrolled, setEnrolled] = useState<Register>()
  const [gone, setGone] = useState<Register>()
  const mayWrite = may('stores.write')
  const mayHandOver = may('registers.handover')
  const mayAct = mayWrite || mayHandOver
  const newest = newestApp(store.registers)
  const title = i18n._('registers.title', {}, { message: 'Registers' })
  return (
    <Section
      title={title}
      actions={
        mayWrite && (
          <Button variant="default" leftSection={<PlusIcon />} onClick={() => setEdited('new')}>
            {i18n._('registers.add', {}, { message: 'Add register' })}
          </Button>
        )
      }
    >
      {store.registers.length === 0 ? (
        <Text c="dimmed">
          {i18n._(
            'registers.empty',
            {},
            { message: 'None yet. Add a register, then enrol a device with its code.' },
          )}
        </Text>
      ) : (
        <DataTable
          cards
          label={title}
          head={[
            { title: i18n._('filter.register', {}, { message: 'Register' }) },
            { title: i18n._('register.state', {}, { message: 'How it is' }) },
            { title: i18n._('register.seen', {}, { message: 'Last seen' }) },
            { title: i18n._('register.queue', {}, { message: 'Only there' }), numeric: true },
            { title: i18n._('register.head', {}, { message: 'Entries here' }), numeric: true },
            { title: i18n._('register.version', {}, { message: 'Version' }) },
            { title: i18n._('register.series', {}, { message: 'Series' }) },
            ...(mayAct ? [{ title: i18n._('register.actions', {}, { message: 'Actions' }) }] : []),
          ]}
          rows={store.registers.map((register) => ({
            key: register.id,
            cells: [
              <Stack key="name" gap={0}>
                <Text span fw={600}>
                  {register.name}
                </Text>
                <Text span fz="sm" c="dimmed">
                  {i18n._('register.number', { number: register.number }, { message: 'No. {number}' })}
                </Text>
              </Stack>,
              <HealthCell key="health" register={register} now={now} newest={newest} />,
              register.lastSeenAt === null ? '–' : agoWords(i18n.locale, register.lastSeenAt, now),
              queueText(register),
              countText(register.headSeq),
              register.app ?? '–',
              register.seriesCode ?? '–',
              ...(mayAct
                ? [
                    <Group key="actions" gap="xs">
                      {mayWrite && (
                        <>
                          <Button
                            size="xs"
                            disabled={!register.active}
                            onClick={() => setEnrolled(register)}
                            aria-label={i18n._(
                              'register.enrol-name',
                              { name: register.name },
                              {
                                message: 'Enrolment code for {name}',
                              },
                            )}
                          >
                            {i18n._('register.enrol', {}, { message: 'Enrolment code' })}
                          </Button>
                          <Button
                            size="xs"
                            variant="default"
                            onClick={() => setEdited(register)}
                            aria-label={i18n._(
                              'register.edit-name',
                              { name: register.name },
                              { message: 'Change {name}' },
                            )}
                          >
                            {i18n._('action.change', {}, { message: 'Change' })}
                          </Button>
                        </>
                      )}
                      {mayHandOver && (
                        <Button
                          size="xs"
                          variant="default"
                          onClick={() => setGone(register)}
                          aria-label={i18n._(
                            'handover.title',
                            { name: register.name },
                            { message: 'Device of {name} is gone' },
                          )}
                        >
                          {i18n._('handover.open', {}, { message: 'Device gone' })}
                        </Button>
                      )}
                    </Group>,
                  ]
                : []),
            ],
          }))}
        />
      )}
      {edited !== undefined && (
        <RegisterDialog
          store={store}
          register={edited === 'new' ? undefined : edited}
          onClose={() => setEdited(undefined)}
        />
      )}
      {gone && <HandoverDialog register={gone} onClose={() => setGone(undefined)} />}
      {enrolled && <EnrolmentCodeDialog register={enrolled} onClose={() => setEnrolled(undefined)} />}
    </Section>
  )
}

function queueText({ queuedEntries, queuedMinor }: Register): string {
  if (queuedEntries === null || queuedEntries === 0) return '–'
  return `${countText(queuedEntries)} · ${formatRupees(queuedMinor ?? 0)}`
}

function HealthCell({
  register,
  now,
  newest,
}: {
  register: Register
  now: number
  newest: string | undefined
}) {
  const i18n = useWords()
  if (!register.active) {
    return (
      <Badge color="gray" variant="outline">
        {i18n._('register.off', {}, { message: 'Switched off' })}
      </Badge>
    )
  }
  if (!register.enrolled) {
    return <Badge variant="outline">{i18n._('register.no-device', {}, { message: 'No device yet' })}</Badge>
  }
  const { level, ailments } = registerHealth(register, now, newest)
  return (
    <Group gap={6} wrap="nowrap" align="flex-start">
      <LevelMark level={level} />
      <Stack gap={0}>
        {ailments.length === 0 && (
          <Text span fz="sm">
            {i18n._('level.good', {}, { message: 'Well' })}
          </Text>
        )}
        {ailments.map((ailment) => (
          <Text span fz="sm" key={ailment.code}>
            {ailmentWords(i18n, ailment, now)}
          </Text>
        ))}
      </Stack>
    </Group>
  )
}
