import { type ClientOptions, call, signIn } from '@nexus/contract'
import type { Page } from 'playwright-core'

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

/** A client of the contract that is signed in once. */
export async function officeClient(url: string, login: string, password: string): Promise<ClientOptions> {
  const headers = await officeHeaders(url, login, password)
  return { baseUrl: url, headers: () => headers }
}

/** Signs in through the page, as a person does. Any page of the back office may be opened afterwards. */
export async function signInToOffice(
  page: Page,
  url: string,
  login: string,
  password: string,
): Promise<void> {
  await page.goto(`${url}/office/`)
  await page.getByLabel('Sign-in name').fill(login)
  await page.getByRole('textbox', { name: 'Password' }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Sign in' }).waitFor({ state: 'detached' })
}
