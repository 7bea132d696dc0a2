import { AppShell, Box, Burger, Button, Group, ScrollArea, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { type SessionAnswer, signOut } from '@nexus/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Outlet, useNavigate, useRouter, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { SignInForm } from '../pages/sign-in/sign-in-form.tsx'
import { roleName } from '../phrases/role-words.ts'
import { useWords } from '../words/use-words.ts'
import { ask } from './api.ts'
import { areasFor } from './areas.ts'
import { ColorSwitch } from './color-switch.tsx'
import { Dialog } from './dialog.tsx'
import { GlobalSearch } from './global-search.tsx'
import { LanguageSwitch } from './language-switch.tsx'
import { NavItem, TextLink } from './links.tsx'
import { ArrivalContext } from './page.tsx'
import { forgetSession, SessionContext, sessionQuery } from './session.ts'

/**
 * Everything around a page. When the session ends while somebody works, the page stays as it is, drafts
 * and all, behind a dialog that asks for the password.
 */
export function Shell() {
  const { data } = useQuery(sessionQuery)
  const [person, setPerson] = useState(data)
  const arrival = useRef<string | undefined>(undefined)
  if (data && data !== person) setPerson(data)
  useAllPages()
  if (!person) return null
  return (
    <SessionContext value={person}>
      <ArrivalContext value={arrival}>
        <Frame person={person} />
        <SignInAgain person={person} opened={data === null} />
      </ArrivalContext>
    </SessionContext>
  )
}

const quietMs = 2000

/** Fetches the code of all pages once the first one stands: each opens at once, also when the server is away. */
function useAllPages(): void {
  const router = useRouter()
  useEffect(() => {
    const timer = setTimeout(() => {
      for (const route of Object.values(router.routesById)) {
        // What cannot be fetched now is asked for again when somebody opens the page.
        router.loadRouteChunk(route)?.catch(() => undefined)
      }
    }, quietMs)
    return () => clearTimeout(timer)
  }, [router])
}

function Frame({ person }: { person: SessionAnswer }) {
  const i18n = useWords()
  const [navOpened, nav] = useDisclosure(false)
  const path = useRouterState({ select: (state) => state.location.pathname })
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever chose a page wants to see it
  useEffect(() => nav.close(), [path])
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !navOpened } }}
      padding={{ base: 'sm', sm: 'lg' }}
    >
      <AppShell.Header className="no-print">
        <a className="skip-link" href="#main">
          {i18n._('shell.skip', {}, { message: 'Skip to the page' })}
        </a>
        <Group h="100%" px="sm" gap="xs" wrap="nowrap">
          <Burger
            opened={navOpened}
            onClick={nav.toggle}
            hiddenFrom="sm"
            size="sm"
            aria-expanded={navOpened}
            aria-label={i18n._('shell.menu', {}, { message: 'Menu' })}
          />
          <TextLink to="/" underline="never" c="inherit" fw={700} fz="lg" className="brand" px="xs">
            Nexus
          </TextLink>
          <Box flex={1} />
          <GlobalSearch />
          <LanguageSwitch />
          <ColorSwitch />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className="no-print">
        <AppShell.Section grow component={ScrollArea} p="xs">
          <Areas person={person} />
        </AppShell.Section>
        <AppShell.Section p="xs" className="person">
          <Text fz="sm" fw={600} truncate>
            {person.name}
          </Text>
          <Text fz="sm" c="dimmed" mb="xs">
            {roleName(i18n, person.role)}
          </Text>
          <SignOutButton />
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} className="main">
        <Outlet />
      </AppShell.Main>
    </AppShell>
  )
}

function Areas({ person }: { person: SessionAnswer }) {
  const i18n = useWords()
  return (
    <nav aria-label={i18n._('shell.areas', {}, { message: 'Areas' })}>
      <Stack gap="sm">
        {areasFor(person.permissions).map((group) => (
          <Box key={group.id} role="group" aria-labelledby={`areas-${group.id}`}>
            <Text id={`areas-${group.id}`} fz="xs" fw={600} c="dimmed" px="sm" pb={2}>
              {group.title(i18n)}
            </Text>
            {group.areas.map((area) => (
              <NavItem
                key={area.to}
                to={area.to}
                label={area.title(i18n)}
                activeProps={{ active: true }}
                activeOptions={{ includeSearch: false }}
              />
            ))}
          </Box>
        ))}
      </Stack>
    </nav>
  )
}

function SignOutButton() {
  const i18n = useWords()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const leave = useMutation({
    mutationFn: () => ask(signOut, {}),
    onSuccess: async () => {
      await navigate({ to: '/sign-in' })
      forgetSession(queries)
    },
  })
  return (
    <Button fullWidth variant="default" size="xs" loading={leave.isPending} onClick={() => leave.mutate()}>
      {i18n._('shell.sign-out', {}, { message: 'Sign out' })}
    </Button>
  )
}

function SignInAgain({ person, opened }: { person: SessionAnswer; opened: boolean }) {
  const i18n = useWords()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const onSignedIn = (session: SessionAnswer) => {
    const isAnother = session.staffId !== person.staffId
    // Somebody else neither sees what the first person saw, nor goes on with their draft.
    if (isAnother) queries.clear()
    queries.setQueryData(sessionQuery.queryKey, session)
    if (isAnother) void navigate({ to: '/' })
    else void queries.invalidateQueries()
  }
  return (
    <Dialog
      opened={opened}
      veiled
      title={i18n._('shell.session-ended', {}, { message: 'Your session has ended' })}
    >
      <Stack>
        <Text>
          {i18n._(
            'shell.session-ended-hint',
            {},
            { message: 'Sign in to go on where you were. Nothing on the page is lost.' },
          )}
        </Text>
        <SignInForm login={person.login} onSignedIn={onSignedIn} />
      </Stack>
    </Dialog>
  )
}
