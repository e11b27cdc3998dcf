/** Pinterest's hosts whose calls Pinfold answers, and where in Pinfold each of them goes. */
export const apiHost = 'api.pinterest.com'
/** Where apps on the trial tier may make Pins: Pinfold's `/sandbox`. */
export const sandboxHost = 'api-sandbox.pinterest.com'

/** Only what is below `/oauth` is Pinfold's; the rest of this host is passed on. */
export const consentHost = 'www.pinterest.com'

export const pictureHost = 'i.pinimg.com'

/** The bucket that media uploads are sent to, by each of the names that S3 gives it. */
export const uploadHosts = [
  'pinterest-media-upload.s3-accelerate.amazonaws.com',
  'pinterest-media-upload.s3.amazonaws.com',
  'pinterest-media-upload.s3.us-east-1.amazonaws.com',
]

export const pinterestHosts: readonly string[] = [apiHost, sandboxHost, consentHost, pictureHost, ...uploadHosts]

export const isPinterestHost = (hostname: string): boolean =>
  pinterestHosts.includes(hostname.toLowerCase().replace(/\.$/, ''))
