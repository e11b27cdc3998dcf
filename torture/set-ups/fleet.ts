import type { Place, SetUp } from '../set-up.ts'

export async function fleet(_place: Place, _seed: number, _redis: string | undefined): Promise<SetUp> {
  throw new Error('not yet')
}
