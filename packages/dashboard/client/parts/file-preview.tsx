// A look into a file: text, pictures, or bytes in hexadecimal. Nothing of it is ever run.

import { useEffect, useRef } from 'preact/hooks'
import { readBytes, type FileView } from '../api.ts'
import { formatBytes } from '../format.ts'
import { useResource } from '../resource.ts'
import { isBinary, toHex, toPlainText } from '../text.ts'
import { Loaded } from './problem.tsx'

const TEXT_BYTES = 256 * 1024
const PICTURE_BYTES = 2 * 1024 * 1024
const HEX_BYTES = 2048

/** By the first bytes, as names lie. SVG is not among them: it is a document. */
const PICTURES: readonly { type: string; magic: readonly number[] }[] = [
  { type: 'image/png', magic: [0x89, 0x50, 0x4e, 0x47] },
  { type: 'image/jpeg', magic: [0xff, 0xd8, 0xff] },
  { type: 'image/gif', magic: [0x47, 0x49, 0x46, 0x38] },
  { type: 'image/webp', magic: [0x52, 0x49, 0x46, 0x46] },
]

export interface FilePreviewProps {
  owner: string
  file: FileView
  onClose: () => void
}

/** The beginning of a file. */
export function FilePreview({ owner, file, onClose }: FilePreviewProps) {
  const { size } = file
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const content = useResource({
    key: `${owner} ${file.name}`,
    load: (signal) => readBeginning(owner, file.name, size, signal),
    topics: [],
  })
  return (
    <div class="preview" role="region" aria-label={`Preview of ${file.name}`}>
      <div class="panel-head">
        <h3 ref={heading} tabIndex={-1} class="mono">
          {file.name}
        </h3>
        <div class="panel-note">
          <span>{formatBytes(size)}</span>
          <button type="button" class="small" onClick={onClose}>
            Close
          </button>
        </div>
      </div>
      <Loaded from={content} what="the file">
        {(bytes) => <Content bytes={bytes} size={size} name={file.name} />}
      </Loaded>
    </div>
  )
}

function Content({ bytes, size, name }: { bytes: Uint8Array; size: number; name: string }) {
  if (size === 0) return <p class="empty">The file is empty.</p>
  const picture = pictureTypeOf(bytes)
  if (picture !== undefined && bytes.length === size) {
    return <img class="picture" src={`data:${picture};base64,${toBase64(bytes)}`} alt={`Picture ${name}`} />
  }
  const isText = !isBinary(bytes)
  const shown = bytes.subarray(0, isText ? TEXT_BYTES : HEX_BYTES)
  return (
    <>
      {!isText && <p class="cut">This is no text: bytes in hexadecimal.</p>}
      {shown.length < size && <p class="cut">The first {formatBytes(shown.length)} are shown.</p>}
      <pre class="log" tabIndex={0} role="region" aria-label={`Content of ${name}`}>
        {isText ? toPlainText(new TextDecoder().decode(shown)) : toHex(shown)}
      </pre>
    </>
  )
}

function readBeginning(owner: string, name: string, size: number, signal: AbortSignal): Promise<Uint8Array> {
  if (size === 0) return Promise.resolve(new Uint8Array())
  const isPicture = /\.(png|jpe?g|gif|webp)$/i.test(name) && size <= PICTURE_BYTES
  return readBytes(owner, name, 0, isPicture ? size : Math.min(size, TEXT_BYTES), signal)
}

function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}

function pictureTypeOf(bytes: Uint8Array): string | undefined {
  return PICTURES.find(({ magic }) => magic.every((byte, i) => bytes[i] === byte))?.type
}
