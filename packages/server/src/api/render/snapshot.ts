import type { Snapshot } from '../../control/data.ts'

/** Returns a snapshot as it is answered. */
export const toSnapshot = ({ name, createdAt, bytes }: Snapshot) => ({
  ...{ name, bytes },
  created_at: new Date(createdAt).toISOString(),
})
