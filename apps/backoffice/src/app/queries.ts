import { Problem } from '@nexus/contract'
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { sessionQuery } from './session.ts'

/** Answers of the server, kept while somebody looks. A session that ended asks for the password again. */
export function openQueries(): QueryClient {
  const onError = (error: Error) => {
    if (error instanceof Problem && error.code === 'session/required') {
      queries.setQueryData(sessionQuery.queryKey, null)
    }
  }
  const queries = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        // A server in the shop answers although the browser believes to be offline.
        networkMode: 'always',
        // A refusal stays one however often it is asked; an unreachable server may come back.
        retry: (failures, error) =>
          !(error instanceof Problem && error.code !== 'server/busy') && failures < 2,
      },
      mutations: { networkMode: 'always' },
    },
  })
  return queries
}
