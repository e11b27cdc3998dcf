/** The bytes are not a well-formed picture of the given format. */
export class MalformedPicture extends Error {
  override name = 'MalformedPicture'
}
