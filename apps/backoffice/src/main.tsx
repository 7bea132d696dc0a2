import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './styles/office.css'
import { i18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { openQueries } from './app/queries.ts'
import { openRouter } from './app/router.tsx'
import { theme, variables } from './app/theme.ts'
import { chosenLanguage, speak } from './words/words.ts'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has an element with the id root')

await speak(chosenLanguage())
const queries = openQueries()
const router = openRouter(queries)

createRoot(root).render(
  <StrictMode>
    <I18nProvider i18n={i18n}>
      <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
        <Notifications position="bottom-right" />
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </I18nProvider>
  </StrictMode>,
)
