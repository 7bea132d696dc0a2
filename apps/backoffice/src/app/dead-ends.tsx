import { Box } from '@mantine/core'
import { useRouter } from '@tanstack/react-router'
import { useWords } from '../words/use-words.ts'
import { ButtonLink } from './links.tsx'
import { Page } from './page.tsx'
import { Empty, Trouble } from './states.tsx'

/** An address that is no page. */
export function NotFound() {
  const i18n = useWords()
  return (
    <Page title={i18n._('dead-end.title', {}, { message: 'Nothing is here' })}>
      <Empty
        title={i18n._('dead-end.no-page', {}, { message: 'This address is no page of the back office.' })}
        hint={i18n._(
          'dead-end.hint',
          {},
          { message: 'The link may be old. Search for what you need, or begin anew.' },
        )}
        action={
          <ButtonLink to="/">{i18n._('dead-end.home', {}, { message: 'To the first page' })}</ButtonLink>
        }
      />
    </Page>
  )
}

/** A page that could not be shown, e.g. because the server was not reached at the start. */
export function PageTrouble({ error }: { error: unknown }) {
  const router = useRouter()
  return (
    <Box p="lg" maw={640} mx="auto">
      <Trouble error={error} onRetry={() => void router.invalidate()} />
    </Box>
  )
}

/** For people whose role works at the till only. */
export function NoAreas() {
  const i18n = useWords()
  return (
    <Page title={i18n._('no-areas.title', {}, { message: 'Welcome' })}>
      <Empty
        title={i18n._(
          'no-areas.text',
          {},
          { message: 'Your role works at the till; there is nothing for it in the back office.' },
        )}
        hint={i18n._(
          'no-areas.hint',
          {},
          { message: 'If that is wrong, an administrator can change your role under Staff.' },
        )}
      />
    </Page>
  )
}
