import { Group } from '@mantine/core'
import { useRouterState } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { ButtonLink } from '../../app/links.tsx'
import { Page } from '../../app/page.tsx'
import { useWords } from '../../words/use-words.ts'

/** Frame of the desks at which people decide what no program may. */
export function AttentionPage({ children }: { children: ReactNode }) {
  const i18n = useWords()
  const path = useRouterState({ select: (state) => state.location.pathname })
  const desks = [
    { to: '/incidents', title: i18n._('attention.incidents', {}, { message: 'Incidents' }) },
    { to: '/incidents/discrepancies', title: i18n._('desk.discrepancies', {}, { message: 'Discrepancies' }) },
    { to: '/incidents/quarantine', title: i18n._('desk.quarantine', {}, { message: 'Quarantine' }) },
    { to: '/incidents/forks', title: i18n._('desk.forks', {}, { message: 'Forks' }) },
    { to: '/incidents/holes', title: i18n._('desk.holes', {}, { message: 'Holes' }) },
  ] as const
  return (
    <Page title={i18n._('nav.incidents', {}, { message: 'To look at' })}>
      <nav aria-label={i18n._('desk.all', {}, { message: 'Desks' })}>
        <Group gap="xs">
          {desks.map(({ to, title }) => {
            const isHere = path.replace(/\/$/, '').endsWith(to)
            return (
              <ButtonLink
                key={to}
                to={to}
                size="sm"
                variant={isHere ? 'filled' : 'default'}
                aria-current={isHere ? 'page' : undefined}
              >
                {title}
              </ButtonLink>
            )
          })}
        </Group>
      </nav>
      {children}
    </Page>
  )
}
