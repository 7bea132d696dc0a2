import { call, signIn } from '@nexus/contract'

/** Signs in to the back office and answers the headers that prove it. */
export async function officeHeaders(
  url: string,
  login: string,
  password: string,
): Promise<Record<string, string>> {
  let cookie = ''
  await call(
    {
      baseUrl: url,
      headers: () => ({ origin: url }),
      fetch: async (...given) => {
        const response = await fetch(...given)
        cookie = response.headers
          .getSetCookie()
          .map((one) => one.split(';')[0])
          .join('; ')
        return response
      },
    },
    signIn,
    { body: { login, password } },
  )
  return { cookie, origin: url }
}
