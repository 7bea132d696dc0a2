import { Breadcrumbs, Group, Stack, Title } from '@mantine/core'
import { useRouterState } from '@tanstack/react-router'
import { createContext, type ReactNode, type RefObject, use, useEffect, useRef } from 'react'
import { useWords } from '../words/use-words.ts'

/** Path of the page shown last; undefined before the first. The shell holds it. */
export const ArrivalContext = createContext<RefObject<string | undefined> | undefined>(undefined)

type Props = {
  title: string
  /** Links to the pages above this one, outermost first. */
  trail?: ReactNode
  /** Buttons beside the title. */
  actions?: ReactNode
  /** Whether the title is part of what the browser prints. */
  printed?: boolean
  children: ReactNode
}

/** Frame of every page: its title, also in the browser's tab, the way back up, and what can be done. */
export function Page({ title, trail, actions, printed = true, children }: Props) {
  const i18n = useWords()
  const heading = useRef<HTMLHeadingElement>(null)
  // Where the router has arrived: a page that is being left must not take the next one's turn.
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname })
  const arrival = use(ArrivalContext)

  useEffect(() => {
    document.title = `${title} · Nexus`
  }, [title])

  // Whoever came by a link hears where they are; the first page of a visit keeps the browser's focus.
  useEffect(() => {
    if (!arrival || path === undefined) return
    if (arrival.current !== undefined && arrival.current !== path) {
      heading.current?.focus({ preventScroll: true })
    }
    arrival.current = path
  }, [arrival, path])

  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-end" gap="sm" className={printed ? undefined : 'no-print'}>
        <Stack gap={2} miw={0}>
          {trail !== undefined && (
            <nav aria-label={i18n._('page.trail', {}, { message: 'Path' })} className="no-print">
              <Breadcrumbs separator="›" separatorMargin={6} fz="sm">
                {trail}
              </Breadcrumbs>
            </nav>
          )}
          <Title order={1} fz="h2" ref={heading} tabIndex={-1} className="page-title">
            {title}
          </Title>
        </Stack>
        {actions !== undefined && (
          <Group gap="xs" className="no-print">
            {actions}
          </Group>
        )}
      </Group>
      {children}
    </Stack>
  )
}
