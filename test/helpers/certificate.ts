// A self-signed certificate without meaning, valid for a hundred years; its key is nowhere.

const DATA = `
MIIBgDCCASWgAwIBAgIUN85oCRKCrf0C8DPH/Q1UI3yCZ3AwCgYIKoZIzj0EAwIwFDESMBAGA1UEAwwJbWFsYWNoaXRlMCAXDTI2MTEyMjAwNTYw
MFoYDzIxMjYxMDI5MDA1NjAwWjAUMRIwEAYDVQQDDAltYWxhY2hpdGUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAS78dzEE6l48QwjKJfw8z4s
gMaURG9FI2KJZjBcHGKX+1AINsolj7nV2Ak85BSeDxJculUts++kUQkzOg1YF8aao1MwUTAdBgNVHQ4EFgQUWh0MzZh1x2kzauAEFfux39ovxSkw
HwYDVR0jBBgwFoAUWh0MzZh1x2kzauAEFfux39ovxSkwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEA9P2hfhCogo/XLTW6hqyB
7XBxr31XlyHhyNJxpzX77J4CIQCRGYb3k5F+evi6o2g3liJOhDXhU96wqrp3g5KiPJZSKQ==`

/** Its SHA-1 hash. */
export const THUMBPRINT = '3f85260d0c1ddde9dc4ab6801a878232d43025d5'

/** A body that adds it. */
export const CER = {
  thumbprint: THUMBPRINT,
  thumbprintAlgorithm: 'sha1',
  data: DATA.replaceAll('\n', ''),
  certificateFormat: 'cer',
}

/** A body that adds what claims to be a certificate with its key. */
export function pfxOf(thumbprint: string) {
  return { thumbprint, thumbprintAlgorithm: 'sha1', data: 'MIIKcAIBAzCC', password: 'secret of the pfx' }
}
