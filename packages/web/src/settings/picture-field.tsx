import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { readAgain } from '../api/cache.ts'
import { type AccountSettings, removePicture, setPicture } from '../api/calls.ts'
import { queries } from '../api/queries.ts'
import { pictureTypes } from '../pinning/file-types.ts'
import { base64Of } from '../pinning/send-pin.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Icon } from '../ui/icon.tsx'
import { showToast } from '../ui/toast.tsx'
import { words } from '../words/index.ts'
import { sayFailure } from '../words/say-failure.ts'
import { type Crop, CropForm } from './crop-form.tsx'

const text = words.account

/** The picture of an account: chosen, cropped to a square, replaced and removed. */
export function PictureField({ settings }: { settings: AccountSettings }) {
  const files = useRef<HTMLInputElement>(null)
  const [chosen, setChosen] = useState<File>()
  const [problem, setProblem] = useState('')
  const keep = useKeeper()

  async function choose(crop: Crop): Promise<void> {
    if (chosen) keep(await setPicture({ body: { data: await base64Of(chosen), crop } }))
    setChosen(undefined)
    showToast(text.pictureSaved)
  }

  async function remove(): Promise<void> {
    setProblem('')
    const before = await fetch(settings.profile_image)
      .then((answer) => (answer.ok ? answer.blob() : undefined))
      .catch(() => undefined)
    const restore = async (picture: Blob) => {
      keep(await setPicture({ body: { data: await base64Of(picture) } }))
      showToast(words.pinning.undone)
    }
    try {
      keep(await removePicture({}))
      showToast(
        text.pictureRemoved,
        before && (() => void restore(before).catch(() => showToast(words.pinning.notUndone))),
      )
    } catch (error) {
      setProblem(sayFailure(error))
    }
  }

  return (
    <div className="field">
      <span>{text.picture}</span>
      <div className="flex flex-wrap items-center gap-3">
        <img className="avatar" src={settings.profile_image} width={96} height={96} alt="" />
        <button type="button" className="btn" onClick={() => files.current?.click()}>
          {settings.has_picture ? text.replacePicture : text.choosePicture}
        </button>
        {settings.has_picture && (
          <button type="button" className="btn quiet" onClick={() => void remove()}>
            {text.removePicture}
          </button>
        )}
        <input
          ref={files}
          type="file"
          accept={pictureTypes.join()}
          hidden
          onChange={({ target }) => {
            const file = target.files?.[0]
            setProblem(file && file.size > 20_000_000 ? words.pinning.tooLarge : '')
            if (file && file.size <= 20_000_000) setChosen(file)
            target.value = ''
          }}
        />
      </div>
      <p className="problem" role="alert" hidden={problem === ''}>
        <Icon name="alert" size={16} />
        {problem}
      </p>
      <Dialog isOpen={chosen !== undefined} onClose={() => setChosen(undefined)} label={text.cropPicture}>
        {chosen && <CropForm file={chosen} send={choose} close={() => setChosen(undefined)} />}
      </Dialog>
    </div>
  )
}

/** Returns a function that shows the settings of an account wherever its picture is. */
function useKeeper(): (settings: AccountSettings) => void {
  const client = useQueryClient()
  return (settings) => {
    client.setQueryData(queries.settings().queryKey, settings)
    void client.invalidateQueries({ queryKey: queries.session().queryKey })
    void readAgain()
  }
}
