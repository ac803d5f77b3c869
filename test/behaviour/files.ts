import { type Chapter, differs, proven } from './rule.ts'

const COMMANDS = 'test/protocol/commands.test.ts'
const FILE_API = 'test/protocol/files.test.ts'
const NODE_FILES = 'emulator/src/node/files.test.ts'
const RETENTION = 'test/engine/retention.test.ts'
const RUNTIME = 'emulator/src/node/runtime.test.ts'

export const FILES: Chapter = {
  title: 'Files',
  sections: {
    'Paths and lists': [
      proven(
        'The files of a task are named by their paths below its root',
        FILE_API,
        'the path %s is understood, and named with slashes',
      ),
      proven(
        'The files of a node are named by their paths below its root, those of tasks as workitems/…',
        FILE_API,
        '%s reads the files of a node by their paths below its root',
      ),
      proven(
        'A list has what is at the top; directories are entries without properties',
        FILE_API,
        'a task’s files are listed one level deep',
      ),
      proven(
        'With recursive=true a list has everything, named by the whole path',
        FILE_API,
        'recursive lists level by level, directories too, names from the root of the listing',
      ),
      proven(
        'A page has 1000 files at most',
        COMMANDS,
        'a list of more than a thousand files has pages of a thousand',
      ),
      proven(
        'A list can be filtered by how names begin',
        FILE_API,
        'a listing is filtered by the beginning of names and paged',
      ),
      proven(
        'Nothing outside of the root is served',
        FILE_API,
        'what is not below the directory is not found: %s',
      ),
      proven(
        'A link that leads out of the node is not followed',
        NODE_FILES,
        'links are followed within the node only',
      ),
      differs('The files of the certificates of a pool are not served', 'refer to them, never installed'),
    ],
    Properties: [
      proven(
        'Of a file contentLength, lastModified, contentType and fileMode are told, and no creationTime on Linux',
        FILE_API,
        'a task’s files are listed one level deep',
      ),
      proven(
        'Its mode is octal, its type and the kind of entry are headers',
        FILE_API,
        'GET answers the bytes, chunked, with the properties in headers',
      ),
      proven(
        'stdout.txt is text/plain',
        FILE_API,
        'GET answers the bytes, chunked, with the properties in headers',
      ),
      proven(
        'A file without a known extension is application/octet-stream',
        FILE_API,
        'a file without a known extension is bytes',
      ),
      proven(
        'A directory has properties but no content',
        NODE_FILES,
        'a directory is described but not read',
      ),
    ],
    Reading: [
      proven(
        'ocp-range asks for some of the bytes; without it there are all',
        FILE_API,
        'ocp-range %s is answered with 200 and just these bytes',
      ),
      proven(
        'A range that the file does not have is 416 InvalidRange',
        FILE_API,
        'a range behind the end, and one that is none, are refused',
      ),
      proven(
        'A range that ends before it begins is InvalidRange, too',
        'emulator/src/http/file-query.test.ts',
        '%s is refused with %s',
      ),
      proven(
        'The files of a running task are read as they grow',
        COMMANDS,
        'what a command writes can be read while it runs, from where the reader was',
      ),
    ],
    Deleting: [
      proven(
        'A file that was deleted is 404 FileNotFound',
        FILE_API,
        'a deleted file is gone; a directory needs recursive',
      ),
      proven(
        'A directory is deleted with recursive=true, or when it is empty',
        NODE_FILES,
        'removing a directory with something in it must be asked for',
      ),
    ],
    'Files that are not there': [
      proven(
        'A task that has not started has no files: 409 OperationInvalidForCurrentState',
        COMMANDS,
        'a task without a place yet has no files, whatever is asked of them',
      ),
      proven(
        'Nor has one whose node is being prepared for its job',
        RETENTION,
        'a task that waits for the preparation of its node has no files yet',
      ),
      proven(
        'After the retention time the files of a task are 409 TaskFilesCleanedup',
        COMMANDS,
        'files whose retention time is over are told to have been cleaned up',
      ),
      proven(
        'A missing file is 404 FileNotFound',
        FILE_API,
        'what is not below the directory is not found: %s',
      ),
      proven(
        'A missing file in a missing directory is 404 PathNotFound',
        FILE_API,
        'what is not below the directory is not found: %s',
      ),
      proven(
        'The files of a task whose node has left are 409 TaskFilesUnavailable, those of the node 404 NodeNotFound',
        COMMANDS,
        'with its node the files of a task are gone, and the task says so',
      ),
      proven(
        'Nothing is read from a node whose machine is switched off',
        RETENTION,
        'while a node is switched off neither its files nor those of its tasks can be read',
      ),
    ],
    'How long files stay': [
      proven(
        'The directory of a task goes when its retention time after its end is over',
        RETENTION,
        'files go when their retention time is over, 7 days unless the task says otherwise',
      ),
      proven(
        'The time begins with the end of the task, whatever ended it',
        RETENTION,
        'the time counts from the end of the task, however it ended',
      ),
      proven(
        'Preparation and release tasks have retention times of their own',
        'test/engine/release.test.ts',
        'the files of both tasks go after their retention time, on nodes that are still there',
      ),
      proven(
        'Deleting a task deletes its files once its process has ended',
        'test/engine/tasks.test.ts',
        'deleting a running task ends its process, then deletes its files',
      ),
      proven(
        'A multi-instance task that is deleted leaves nothing on any of its nodes',
        'test/engine/multi-instance.test.ts',
        'deleting it deletes its files on every node',
      ),
      proven(
        'A job that is deleted leaves nothing on the nodes of its pool, nor on those of pools it had before',
        RETENTION,
        'a job that was moved to another pool leaves nothing on the nodes of the old one when it is deleted',
      ),
      proven(
        'Deleting a job of a schedule deletes its directory and not that of the schedule',
        'test/engine/job-schedules.test.ts',
        'the jobs run their tasks in directories of their own',
      ),
      proven(
        'A reboot keeps the files of a node, a reimage leaves none',
        RUNTIME,
        'a reimage leaves nothing of the old disk, a reboot everything',
      ),
    ],
  },
}
