/** Pinterest's hosts that Pinfold answers for, and the part of Pinfold that each is routed to. */
export const apiHost = 'api.pinterest.com'
/** The host where apps on the trial tier may make Pins: Pinfold's `/sandbox`. */
export const sandboxHost = 'api-sandbox.pinterest.com'

/** Only paths below `/oauth` are Pinfold's; the rest of this host is passed on. */
export const consentHost = 'www.pinterest.com'

export const pictureHost = 'i.pinimg.com'

/** The bucket for media uploads, under each of the names that S3 gives it. */
export const uploadHosts = [
  'pinterest-media-upload.s3-accelerate.amazonaws.com',
  'pinterest-media-upload.s3.amazonaws.com',
  'pinterest-media-upload.s3.us-east-1.amazonaws.com',
]

export const pinterestHosts: readonly string[] = [apiHost, sandboxHost, consentHost, pictureHost, ...uploadHosts]

export const isPinterestHost = (hostname: string): boolean =>
  pinterestHosts.includes(hostname.toLowerCase().replace(/\.$/, ''))
