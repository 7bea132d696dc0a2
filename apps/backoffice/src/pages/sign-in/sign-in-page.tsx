import { Center, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import { ColorSwitch } from '../../app/color-switch.tsx'
import { LanguageSwitch } from '../../app/language-switch.tsx'
import { sessionQuery } from '../../app/session.ts'
import { useWords } from '../../words/use-words.ts'
import { SignInForm } from './sign-in-form.tsx'

const route = getRouteApi('/sign-in')

/** Signs in and goes where the person wanted to go. */
export function SignInPage() {
  const i18n = useWords()
  const { to } = route.useSearch()
  const queries = useQueryClient()
  const router = useRouter()
  const title = i18n._('sign-in.title', {}, { message: 'Sign in to the back office' })
  useEffect(() => {
    document.title = `${title} · Nexus`
  }, [title])
  return (
    <Center component="main" mih="100dvh" p="md">
      <Stack w="100%" maw={400}>
        <Group justify="space-between">
          <Text fw={700} fz="xl" className="brand">
            Nexus
          </Text>
          <Group gap="xs">
            <LanguageSwitch />
            <ColorSwitch />
          </Group>
        </Group>
        <Paper withBorder p="lg">
          <Stack>
            <Title order={1} fz="h3">
              {title}
            </Title>
            <SignInForm
              onSignedIn={(session) => {
                queries.setQueryData(sessionQuery.queryKey, session)
                router.history.push(to ?? router.buildLocation({ to: '/' }).publicHref)
              }}
            />
          </Stack>
        </Paper>
        <Text c="dimmed" fz="sm">
          {i18n._(
            'sign-in.help',
            {},
            { message: 'No password, or lost it? An administrator can set one under Staff.' },
          )}
        </Text>
      </Stack>
    </Center>
  )
}
