import fc from 'fast-check'

/** Any number: what CI says of a change must not depend on luck. Elsewhere each run meets other cases. */
const CI_SEED = 20_260_701

if (process.env.CI) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: CI_SEED })
