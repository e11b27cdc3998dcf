/**
 * The work on a picture and nothing else: its size, and the calls of sharp that make every rendition, as the server makes
 * them. Called with the path of a picture and, if it is not one, how many at once; does it as often as the parent says,
 * and says when it is done.
 */
import { readFileSync } from 'node:fs'
import { scalePicture, uprightSize } from '../../packages/server/src/domains/media/renditions.ts'

const [file = '', atOnce = '1'] = process.argv.slice(2)
const bytes = readFileSync(file)

process.on('message', async (message) => {
  if (typeof message !== 'number') return
  let left = message
  const work = async () => {
    while (left-- > 0) {
      await uprightSize(bytes)
      await scalePicture(bytes)
    }
  }
  await Promise.all(Array.from({ length: Number(atOnce) }, work))
  process.send?.('done')
})
console.log('ready at nothing')
process.channel?.ref()
