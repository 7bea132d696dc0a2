import { formatter } from '@lingui/format-po'

/** Message catalogues of both apps; ids are written by hand, English is the source. */
export default {
  locales: ['en', 'hi'],
  sourceLocale: 'en',
  format: formatter({ lineNumbers: false }),
  catalogs: [
    { path: '<rootDir>/apps/till/src/words/{locale}', include: ['<rootDir>/apps/till/src'] },
    { path: '<rootDir>/apps/backoffice/src/words/{locale}', include: ['<rootDir>/apps/backoffice/src'] },
  ],
}
