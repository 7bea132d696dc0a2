import { guardStart } from './register.ts'

// Imported before everything else: what comes after it may fail.
guardStart()
