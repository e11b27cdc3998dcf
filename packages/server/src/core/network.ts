import ipaddr from 'ipaddr.js'

/** Returns the address that identifies a sender: for IPv6 its network, since a single household has all of one. */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address
  const parsed = ipaddr.process(address)
  return parsed.kind() === 'ipv4' ? parsed.toString() : (parsed as ipaddr.IPv6).parts.slice(0, 4).join(':')
}
