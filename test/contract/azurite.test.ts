import { createLocalBlobBackend } from '@malachite/local'
import { describeBlobBackend } from './blob-backend.ts'

describeBlobBackend('BlobBackend: Azurite', () => createLocalBlobBackend())
