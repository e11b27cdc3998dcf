import { type Viewer, visitor } from '../../core/viewer.ts'
import type { PinFilter } from '../../domains/pins/pins.ts'

/** Every Pin of an account, and those of them that anybody may see. */
const ofAccount = { repins: [false, true], creativeTypes: undefined, hosts: undefined }
const ownPins: PinFilter = { ...ofAccount, privacies: ['PUBLIC', 'PROTECTED', 'SECRET'] }
const publicPins: PinFilter = { ...ofAccount, privacies: ['PUBLIC'] }

/** Returns what lists the Pins of an account that a viewer may see: all of one's own, and the public ones of others. */
export const accountPins = (viewer: Viewer, accountId: number): { viewer: Viewer; filter: PinFilter } =>
  accountId === viewer.accountId
    ? { viewer, filter: ownPins }
    : { viewer: { ...visitor, accountId }, filter: publicPins }
