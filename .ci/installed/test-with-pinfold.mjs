import { startPinfold } from '@pinfold/client/testing'

const pinfold = await startPinfold()
const { username } = await pinfold.client().userAccount.get()
await pinfold.close()
console.log(`startPinfold: signed in as ${username}`)
