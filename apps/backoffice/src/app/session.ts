import { currentSession, type Permission, Problem, type SessionAnswer } from '@nexus/contract'
import { type QueryClient, queryOptions } from '@tanstack/react-query'
import { createContext, use } from 'react'
import { ask } from './api.ts'

/** Who is signed in; null when nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async (): Promise<SessionAnswer | null> => {
    try {
      return await ask(currentSession, {})
    } catch (error) {
      if (error instanceof Problem && error.code === 'session/required') return null
      throw error
    }
  },
  staleTime: Number.POSITIVE_INFINITY,
})

export const SessionContext = createContext<SessionAnswer | undefined>(undefined)

/** The signed-in person. Only below the shell, which nobody reaches without a session. */
export function useSession(): SessionAnswer {
  const session = use(SessionContext)
  if (!session) throw new Error('this screen needs a session')
  return session
}

/** May the signed-in person do this? For links and buttons; the server decides. */
export function useMay(): (permission: Permission) => boolean {
  const { permissions } = useSession()
  return (permission) => permissions.includes(permission)
}

/** Forgets everything that was read for the last person. */
export function forgetSession(queries: QueryClient): void {
  queries.clear()
  queries.setQueryData(sessionQuery.queryKey, null)
}
