import { fairQueue } from '../../core/fair-queue.ts'
import { pictureLimits } from './limits.ts'
import { makeSmallApart } from './picture-maker.ts'
import type { CostLimit } from './picture-task.ts'
import type { SmallOptions, SmallPicture } from './small-picture.ts'

/** Makes small pictures of strangers' bytes. */
export interface SmallPictures {
  /**
   * Makes a small JPEG of a picture, without storing it. Serves accounts in turn. Throws `imageInvalid` when the bytes
   * are not a usable picture, `rateLimited` when too many wait, `unavailable` as `prepare` does.
   */
  makeSmall(accountId: number, bytes: Buffer, options: SmallOptions): Promise<SmallPicture>
}

/** Makes the maker of small pictures of one server. */
export function smallPictures({ pictureCost: limit = pictureLimits.cost }: { pictureCost?: CostLimit | undefined }) {
  const queue = fairQueue({ ...pictureLimits.small, name: 'small pictures' })
  const made: SmallPictures = {
    makeSmall: (accountId, bytes, small) =>
      queue.run(accountId, () => makeSmallApart(bytes, small, limit), { bytes: bytes.length }),
  }
  return made
}
