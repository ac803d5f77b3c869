// The service's codes: whose fault each is, and what a phase's own error becomes.

import { expect, test } from 'vitest'
import { failure, failureInfo, toFailureInfo, type FailureCode } from './failures.ts'

test.for<FailureCode>([
  'BlobNotFound',
  'BlobAccessDenied',
  'CommandProgramNotFound',
  'CommandLaunchFailed',
  'ApplicationPackageError',
  'TaskSchedulingConstraintFailed',
  'TaskEnded',
  'FileUploadContainerNotFound',
  'FileUploadAccessDenied',
  'FileUploadMiscError',
])('%s is an error of the user', (code) => {
  expect(failureInfo(code)).toMatchObject({ code, category: 'UserError' })
})

test.for<FailureCode>([
  'BlobDownloadTimedOut',
  'BlobDownloadMiscError',
  'ResourceDirectoryCreateFailed',
  'ResourceFileCreateFailed',
  'ResourceFileWriteFailed',
  'DiskFull',
  'Unknown',
])('%s is an error of the service', (code) => {
  expect(failureInfo(code)).toMatchObject({ code, category: 'ServerError' })
})

test('details are pairs of names and values, those without a value left out', () => {
  expect(failureInfo('BlobNotFound', { FilePath: 'a', Message: undefined })).toEqual({
    category: 'UserError',
    code: 'BlobNotFound',
    message: 'One of the specified Azure Blob(s) is not found',
    details: [{ name: 'FilePath', value: 'a' }],
  })
  expect(failureInfo('DiskFull')).not.toHaveProperty('details')
})

test.for(['ENOSPC', 'EDQUOT'])('%s is DiskFull, whatever was being done', (code) => {
  expect(failure('ResourceFileWriteFailed', {}, { code }).info.code).toBe('DiskFull')
})

test('what nobody expected is Unknown, with its message', () => {
  expect(toFailureInfo(new Error('surprise'))).toEqual({
    category: 'ServerError',
    code: 'Unknown',
    message: 'The node encountered an unknown error',
    details: [{ name: 'Message', value: 'Error: surprise' }],
  })
})
