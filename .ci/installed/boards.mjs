// A program for Pinterest, for pinfold exec.
const headers = { authorization: `Bearer ${process.env.PINTEREST_ACCESS_TOKEN}` }
const { items } = await (await fetch('https://api.pinterest.com/v5/boards', { headers })).json()
if (items.length === 0) throw new Error('There are no boards.')
console.log(`exec: ${items.length} boards`)
