/**
 * Things are so that nothing may start here: the message says what is wrong and what to do about it,
 * for the person at the terminal.
 */
export class StartRefused extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StartRefused'
  }
}
