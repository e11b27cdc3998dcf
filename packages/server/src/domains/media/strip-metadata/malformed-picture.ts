/** The bytes are not a well-formed picture of the format they were said to be. */
export class MalformedPicture extends Error {
  override name = 'MalformedPicture'
}
