import { Problem } from '@nexus/contract'

const distinctMin = 5
const nameLengthMin = 3
/** What is left of a password without digits and signs must be none of these. */
const common =
  /^(pass(word|wort|code)*|welcome|admin(istrator)*|qwerty(uiop)*|asdf(ghjkl)*|letmein|iloveyou|abc|abcdef(ghij)*|india|nexus|secret|login|changeme|manager|cashier|store|shop)?$/

/** Throws `staff/password-weak` for what guessers try first. `login` and `name` are the person's. */
export function requireStrongPassword(password: string, person: { login: string; name: string }): void {
  const lower = password.toLowerCase()
  const names = [person.login, ...person.name.toLowerCase().split(/\s+/)]
  const weak =
    new Set(lower).size < distinctMin ||
    common.test(lower.replace(/[^\p{L}]/gu, '')) ||
    names.some((name) => name.length >= nameLengthMin && lower.includes(name))
  if (weak) {
    throw new Problem(
      'staff/password-weak',
      "Guessers try this first. Take three or four unrelated words, without the person's name.",
      {},
      [{ field: 'password', message: 'too easy to guess' }],
    )
  }
}
