import { Alert, Button, Center, CopyButton, Group, Stack, Text } from '@mantine/core'
import {
  createStoreServerCode,
  listStoreServers,
  revokeStoreServer,
  type Store,
  type StoreServer,
} from '@nexus/contract'
import type { HealthLevel } from '@nexus/domain'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, asks, keyOf } from '../../app/api.ts'
import { DataTable } from '../../app/data-table.tsx'
import { Dialog } from '../../app/dialog.tsx'
import { PlusIcon } from '../../app/icons.tsx'
import { QrCode } from '../../app/qr-code.tsx'
import { Section } from '../../app/section.tsx'
import { useMay } from '../../app/session.ts'
import { Loading, Trouble } from '../../app/states.tsx'
import { agoWords } from '../../phrases/date-words.ts'
import { countText, moment } from '../../phrases/figures.ts'
import { problemWords } from '../../phrases/problem-words.ts'
import { useWords } from '../../words/use-words.ts'
import { LevelMark } from './level-mark.tsx'

/** It tells how it is every half minute. */
const silentAfterMs = 5 * 60_000

/** The machines in a store's back room that take its tills' journals and forward them (JRN-20). */
export function StoreServers({ store }: { store: Store }) {
  const i18n = useWords()
  const mayWrite = useMay()('stores.write')
  const params = { storeId: store.id }
  const servers = useQuery({ ...asks(listStoreServers, { params }), refetchInterval: 30_000 })
  const [joining, setJoining] = useState(false)
  const [shown, setShown] = useState<StoreServer>()
  const [ending, setEnding] = useState<StoreServer>()
  const title = i18n._('store-servers.title', {}, { message: 'Store servers' })
  return (
    <Section
      title={title}
      actions={
        mayWrite && (
          <Button variant="default" leftSection={<PlusIcon />} onClick={() => setJoining(true)}>
            {i18n._('store-servers.add', {}, { message: 'Add store server' })}
          </Button>
        )
      }
    >
      {servers.isError ? (
        <Trouble error={servers.error} onRetry={() => void servers.refetch()} />
      ) : servers.data === undefined ? (
        <Loading />
      ) : servers.data.storeServers.length === 0 ? (
        <Text c="dimmed">
          {i18n._(
            'store-servers.empty',
            {},
            {
              message:
                'None. A computer in the back room keeps a second copy of every bill in the store while the line is down.',
            },
          )}
        </Text>
      ) : (
        <DataTable
          cards
          label={title}
          head={[
            { title: i18n._('store-servers.address', {}, { message: 'Address' }) },
            { title: i18n._('register.state', {}, { message: 'How it is' }) },
            { title: i18n._('register.seen', {}, { message: 'Last seen' }) },
            { title: i18n._('store-servers.queue', {}, { message: 'Only in the store' }), numeric: true },
            { title: i18n._('register.version', {}, { message: 'Version' }) },
            ...(mayWrite ? [{ title: i18n._('register.actions', {}, { message: 'Actions' }) }] : []),
          ]}
          rows={servers.data.storeServers.map((server) => ({
            key: server.id,
            cells: [
              server.address ?? i18n._('store-servers.no-address', {}, { message: 'not told yet' }),
              <Health key="health" server={server} now={servers.dataUpdatedAt} />,
              server.lastSeenAt === null
                ? '–'
                : agoWords(i18n.locale, server.lastSeenAt, servers.dataUpdatedAt),
              server.queuedEntries === null ? '–' : countText(server.queuedEntries),
              server.app ?? '–',
              ...(mayWrite
                ? [
                    <Group key="actions" gap="xs" wrap="nowrap">
                      {server.address !== null && server.revokedAt === null && (
                        <Button size="compact-sm" variant="default" onClick={() => setShown(server)}>
                          {i18n._('store-servers.show-qr', {}, { message: 'QR for tills' })}
                        </Button>
                      )}
                      {server.revokedAt === null && (
                        <Button size="compact-sm" variant="default" onClick={() => setEnding(server)}>
                          {i18n._('store-servers.end', {}, { message: 'End' })}
                        </Button>
                      )}
                    </Group>,
                  ]
                : []),
            ],
          }))}
        />
      )}
      {joining && <JoinDialog store={store} onClose={() => setJoining(false)} />}
      {shown && <AddressDialog server={shown} onClose={() => setShown(undefined)} />}
      {ending && <EndDialog server={ending} onClose={() => setEnding(undefined)} />}
    </Section>
  )
}

function Health({ server, now }: { server: StoreServer; now: number }) {
  const i18n = useWords()
  const { level, text } = healthOf()
  return (
    <>
      <LevelMark level={level} />
      {text}
    </>
  )
  function healthOf(): { level: HealthLevel; text: string } {
    if (server.revokedAt !== null) {
      const at = moment(server.revokedAt)
      return { level: 'off', text: i18n._('store-servers.ended', { at }, { message: 'ended {at}' }) }
    }
    if (now - (server.lastSeenAt ?? server.joinedAt) > silentAfterMs) {
      const text = i18n._(
        'store-servers.silent',
        {},
        { message: 'does not answer; its tills sell on and send here where they can' },
      )
      return { level: 'bad', text }
    }
    if (server.queuedSince !== null && now - server.queuedSince > silentAfterMs) {
      const since = moment(server.queuedSince)
      const text = i18n._('store-servers.behind', { since }, { message: 'behind since {since}' })
      return { level: 'warn', text }
    }
    return { level: 'good', text: i18n._('store-servers.good', {}, { message: 'forwards' }) }
  }
}

function JoinDialog({ store, onClose }: { store: Store; onClose: () => void }) {
  const i18n = useWords()
  const code = useMutation({
    mutationFn: () => ask(createStoreServerCode, { params: { storeId: store.id } }),
  })
  return (
    <Dialog
      opened
      onClose={onClose}
      size="lg"
      title={i18n._('store-servers.join-name', { name: store.name }, { message: 'Store server for {name}' })}
    >
      <Stack>
        {code.error && (
          <Alert role="alert" color="red" variant="outline">
            {problemWords(i18n, code.error)}
          </Alert>
        )}
        {code.data ? (
          <>
            <Text>
              {i18n._(
                'store-servers.how',
                {},
                {
                  message:
                    'Type this on the computer in the back room, once. Then start it as a store server.',
                },
              )}
            </Text>
            <Text ff="monospace" aria-label={i18n._('store-servers.command', {}, { message: 'Command' })}>
              npx {code.data.command}
            </Text>
            <Text c="dimmed">
              {i18n._(
                'store-servers.expires',
                { at: moment(code.data.expiresAt) },
                { message: 'The code works once, until {at}. A new code ends this one.' },
              )}
            </Text>
            <Group justify="flex-end">
              <CopyButton value={`npx ${code.data.command}`}>
                {({ copied, copy }) => (
                  <Button variant="default" onClick={copy}>
                    {copied
                      ? i18n._('action.copied', {}, { message: 'Copied' })
                      : i18n._('store-servers.copy', {}, { message: 'Copy the command' })}
                  </Button>
                )}
              </CopyButton>
              <Button onClick={onClose}>{i18n._('action.close', {}, { message: 'Close' })}</Button>
            </Group>
          </>
        ) : (
          <>
            <Text>
              {i18n._(
                'store-servers.makes',
                {},
                {
                  message:
                    'The code lets one computer take the bills of this store’s tills and send them here. It can sell nothing and give out no numbers.',
                },
              )}
            </Text>
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                {i18n._('action.cancel', {}, { message: 'Cancel' })}
              </Button>
              <Button onClick={() => code.mutate()} loading={code.isPending} data-autofocus>
                {i18n._('enrolment.make', {}, { message: 'Make a code' })}
              </Button>
            </Group>
          </>
        )}
      </Stack>
    </Dialog>
  )
}

/** For a till that does not find the store server by itself. */
function AddressDialog({ server, onClose }: { server: StoreServer; onClose: () => void }) {
  const i18n = useWords()
  const url = `${location.origin}/till/?store-server=${encodeURIComponent(server.address ?? '')}`
  return (
    <Dialog opened onClose={onClose} title={i18n._('store-servers.show-qr', {}, { message: 'QR for tills' })}>
      <Stack>
        <Text>
          {i18n._(
            'store-servers.qr-how',
            {},
            {
              message:
                'Tills learn the address from here by themselves. Scan this with a till that does not, and confirm it there.',
            },
          )}
        </Text>
        <Center>
          <QrCode
            text={url}
            label={i18n._(
              'store-servers.qr',
              {},
              { message: 'QR code of the till with the address of the store server' },
            )}
          />
        </Center>
        <Text ta="center">{server.address}</Text>
        <Group justify="flex-end">
          <Button onClick={onClose}>{i18n._('action.close', {}, { message: 'Close' })}</Button>
        </Group>
      </Stack>
    </Dialog>
  )
}

function EndDialog({ server, onClose }: { server: StoreServer; onClose: () => void }) {
  const i18n = useWords()
  const queries = useQueryClient()
  const end = useMutation({
    mutationFn: () => ask(revokeStoreServer, { params: { storeServerId: server.id } }),
    onSuccess: async () => {
      const params = { storeId: server.storeId }
      await queries.invalidateQueries({ queryKey: keyOf(listStoreServers, { params }) })
      onClose()
    },
  })
  return (
    <Dialog
      opened
      onClose={onClose}
      title={i18n._('store-servers.end-title', {}, { message: 'End this store server' })}
    >
      <Stack>
        {end.error && (
          <Alert role="alert" color="red" variant="outline">
            {problemWords(i18n, end.error)}
          </Alert>
        )}
        <Text>
          {i18n._(
            'store-servers.end-warning',
            { count: server.queuedEntries ?? 0 },
            {
              message:
                'Nothing is taken from it any more, and its tills send here. {count, plural, =0 {It told of nothing that waits there.} one {# entry still waits there: it comes from the till that wrote it, if that till is still there.} other {# entries still wait there: they come from the tills that wrote them, if those are still there.}}',
            },
          )}
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {i18n._('action.cancel', {}, { message: 'Cancel' })}
          </Button>
          <Button color="red" onClick={() => end.mutate()} loading={end.isPending}>
            {i18n._('store-servers.end-now', {}, { message: 'End it' })}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
