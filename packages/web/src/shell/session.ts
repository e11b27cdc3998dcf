import { useQuery } from '@tanstack/react-query'
import type { Session } from '../api/calls.ts'
import { queries } from '../api/queries.ts'

/** Returns who is signed in; undefined until it is known. */
export const useSession = (): Session | undefined => useQuery(queries.session()).data
