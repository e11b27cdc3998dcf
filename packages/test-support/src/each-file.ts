import { afterAll } from 'vitest'
import { endFile } from './after-file.ts'

// Vitest runs this before each test file; what else files import is loaded once for all that share a process.
afterAll(endFile)
