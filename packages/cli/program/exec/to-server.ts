import { InvalidArgumentError } from 'commander'

/** Reads the address of a server of an option. Throws `InvalidArgumentError`. */
export function toServer(text: string): string {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search || url.hash || url.username)
    throw new InvalidArgumentError('It must be the address of a server alone, such as http://127.0.0.1:4000.')
  return url.origin
}
