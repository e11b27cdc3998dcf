/** The pictures that the server takes. */
export const pictureTypes = ['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/avif'] as const
type PictureType = (typeof pictureTypes)[number]
const videoTypes = ['video/mp4', 'video/quicktime', 'video/x-m4v']

/** What a picker of files offers. */
export const accepted: string = [...pictureTypes, ...videoTypes, '.mov', '.m4v'].join()

export const isPicture = (type: string): type is PictureType => pictureTypes.some((each) => each === type)

/** Whether a file is a video that the server may take; some systems know no type for it. */
export const isVideo = ({ type, name }: File): boolean =>
  videoTypes.includes(type) || (type === '' && /\.(mp4|mov|m4v)$/i.test(name))

/** Whether a Pin can be made of a file, as far as its type tells. */
export const isWelcome = (file: File): boolean => isPicture(file.type) || isVideo(file)
