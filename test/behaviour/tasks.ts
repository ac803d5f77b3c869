import { type Chapter, differs, proven } from './rule.ts'

const LIFE = 'test/engine/task-life.test.ts'
const ENGINE = 'test/engine/tasks.test.ts'
const HTTP = 'test/protocol/tasks.test.ts'
const FAILURES = 'test/protocol/task-failures.test.ts'
const FILES = 'test/protocol/task-files.test.ts'
const OUTCOME = 'emulator/src/scheduler/outcome.test.ts'
const EXIT = 'emulator/src/scheduler/exit-conditions.test.ts'
const EXIT_JOB = 'test/engine/exit-conditions.test.ts'
const DEPENDENCIES = 'test/engine/dependencies.test.ts'
const INSTANCES = 'test/engine/multi-instance.test.ts'
const PREPARATION = 'test/engine/preparation.test.ts'
const RETENTION = 'test/engine/retention.test.ts'
const SLOTS = 'test/engine/slots.test.ts'
const RUNTIME = 'emulator/src/node/runtime.test.ts'
const STAGE = 'emulator/src/node/stage.test.ts'
const UPLOAD = 'emulator/src/node/upload.test.ts'
const GLOB = 'emulator/src/node/glob.test.ts'
const VALUES = 'emulator/src/schema/invalid-value.test.ts'
const CODES = 'emulator/src/node/failures.test.ts'
const RULES = 'test/protocol/task-rules.test.ts'
const CONTAINERS = 'test/protocol/containers.test.ts'
const RUN = 'emulator/src/node/container-run.test.ts'

const BRACKETS = '%s matches %j'
const DESTINATION = '%s to path %j'
const CONDITION = '%s'
const DOWNLOAD = 'a resource file that is answered with %s: %s %s'
const COMMAND = '%s: %s'
const ANSWER = 'an output file that is answered with %i %s: %s'
const REQUEUE = '%s requeues the task: counted, with its time, and no retry'
const RETRIES = 'retries: %s'
const WRONG_VALUE = 'says what is wrong with a value: %s'

export const TASKS: Chapter = {
  title: 'Tasks',
  sections: {
    States: [
      proven(
        'A new task is active',
        ENGINE,
        'a fresh task in a job without nodes is active with bare counters',
      ),
      proven(
        'An active task runs once it has a node',
        ENGINE,
        'a task goes from active to running to completed with its times and its node',
      ),
      proven(
        'A task whose node is being prepared for its job is preparing',
        LIFE,
        'a task waits for its node to be prepared in preparing, and counts as running',
      ),
      proven(
        'The download of resource files is part of running',
        HTTP,
        'a task runs from the download of its resource files on, and its directory is told',
      ),
      proven(
        'A task that waits for another try is active',
        LIFE,
        'between two tries a task is active, without a node and without the outcome of the first',
      ),
      proven(
        'A task that waits for others is active',
        DEPENDENCIES,
        'a task waits until every task that it names has succeeded',
      ),
      proven(
        'A task that could not be started is completed',
        ENGINE,
        'a failure before the process is final and has no exit code',
      ),
      proven(
        'A task has no previous state before its first change, and one with its time afterwards',
        HTTP,
        'an active task has no node and only its counts',
      ),
      proven(
        'A task that is not done 180 days after it was added is terminated',
        LIFE,
        'a task that is not done 180 days after it was added is terminated, be it active or running',
      ),
      proven(
        'A job that is enabled runs no tasks that are older than 180 days',
        LIFE,
        'a job that is enabled again does not run tasks that are older than 180 days',
      ),
      proven('A completed task stays until it is deleted', LIFE, 'a task that is done stays'),
    ],
    'Execution information': [
      proven(
        'The counts of retries and requeues are there from the beginning, 0',
        HTTP,
        'an active task has no node and only its counts',
      ),
      proven(
        'startTime is when the task became running, and gone while the task is active',
        LIFE,
        'between two tries a task is active, without a node and without the outcome of the first',
      ),
      proven(
        'Every try has a startTime of its own',
        LIFE,
        'a retry starts anew: its start is the time of the retry',
      ),
      proven(
        'endTime and result are those of a completed task',
        HTTP,
        'a completed task tells its outcome and its node, and keeps its ETag',
      ),
      proven(
        'A task whose process never ran has no exitCode',
        HTTP,
        'a program that is not there fails without an exit code',
      ),
      proven(
        'failureInfo is there when the result is failure',
        HTTP,
        'a task that failed says why, after its retries',
      ),
      proven(
        'lastRetryTime is the start of the latest retry',
        ENGINE,
        'the retry count comes from the task, else from the job, and is echoed',
      ),
      proven(
        'lastRetryTime stays when the task starts again because its node restarted',
        LIFE,
        'a node that restarts moves the start of a retry, but not the time of the retry',
      ),
      proven(
        'lastRetryTime of a retry that waits for a preparation is when it starts after that',
        LIFE,
        'a retry that waits for the preparation of its node has the time at which it starts',
      ),
      proven('lastRequeueTime is the time of the latest requeue', LIFE, REQUEUE),
      proven(
        'nodeInfo tells node, pool, affinity id and directory with their URLs, also after the end',
        HTTP,
        'a completed task tells its outcome and its node, and keeps its ETag',
      ),
      proven(
        'nodeInfo goes when the task is active again',
        LIFE,
        'between two tries a task is active, without a node and without the outcome of the first',
      ),
      proven(
        'taskRootDirectory is relative to the root of the node',
        HTTP,
        'a task runs from the download of its resource files on, and its directory is told',
      ),
    ],
    'Retries and requeues': [
      proven('A non-zero exit code is tried again', OUTCOME, 'three retries are four tries'),
      proven(
        'A failure before the process is not tried again',
        OUTCOME,
        'a launch error is final whatever the retries',
      ),
      proven(
        'A failed upload is not tried again',
        LIFE,
        'a failed upload is not tried again, though the exit code says failure',
      ),
      proven('maxTaskRetryCount is the number of further tries; -1 has no bound', LIFE, RETRIES),
      proven(
        'A task without a retry count has that of its job',
        ENGINE,
        'the retry count comes from the task, else from the job, and is echoed',
      ),
      proven('A retry may run on another node', LIFE, 'a retry goes to whichever node is free'),
      proven(
        'The working directory of a retry is empty',
        RUNTIME,
        'another try on the same node finds nothing of the one before',
      ),
      proven(
        'The output of a retry replaces that of the try before',
        FAILURES,
        'each try begins in an empty directory, and its output replaces that of the one before',
      ),
      proven('A requeue by its user counts in requeueCount and not as a retry', LIFE, REQUEUE),
      proven(
        'A task whose spot node was preempted runs again, without a requeue that counts, also without retries',
        'test/engine/nodes-power.test.ts',
        'a preempted spot node loses its tasks, stays listed and comes back as the same node',
      ),
    ],
    'Reactivate, terminate, delete, update': [
      proven(
        'A completed task that did not succeed can be reactivated: it is active, without its outcome, retries at 0',
        HTTP,
        'a running task is terminated at once and can be reactivated',
      ),
      proven(
        'A reactivated task has all its retries again',
        LIFE,
        'a reactivated task has its tries again; what it was requeued for stays counted',
      ),
      proven(
        'A task that succeeded, or is not completed, cannot be reactivated',
        HTTP,
        'only a task that failed can be reactivated',
      ),
      proven(
        'A task that its user terminated can be reactivated',
        LIFE,
        'a task that its user terminated can be reactivated',
      ),
      proven(
        'No task of a terminating or completed job can be reactivated',
        LIFE,
        'no task of a job that has ended, or is about to, is reactivated',
      ),
      proven(
        'No task of a job that is being deleted can be reactivated',
        LIFE,
        'no task of a job that is being deleted is reactivated',
      ),
      proven(
        'An active task that is terminated is completed at once',
        LIFE,
        'an active task that is terminated is completed at once and counts as failed',
      ),
      proven(
        'A running task that is terminated is ended and completed, as a failure with TaskEnded',
        ENGINE,
        'terminating a running task completes it at once and frees its slot when the process is gone',
      ),
      proven(
        'A completed task cannot be terminated',
        HTTP,
        'a running task is terminated at once and can be reactivated',
      ),
      proven(
        'Deleting a task ends its process and deletes its directory',
        ENGINE,
        'deleting a running task ends its process, then deletes its files',
      ),
      proven(
        'Deleting a completed task deletes its directory before its retention time is over',
        RETENTION,
        'a new task of the same name keeps its files though the old one’s time is over',
      ),
      proven(
        'Only the constraints of a task can be updated',
        HTTP,
        'only the constraints of a task can be changed',
      ),
      proven(
        'Constraints that an update leaves out return to their defaults',
        HTTP,
        'PUT replaces the constraints; without any they return to defaults',
      ),
      proven(
        'A completed task cannot be updated',
        LIFE,
        'the constraints of a completed task cannot be changed',
      ),
    ],
    Failures: [
      proven(
        'FailureExitCode: a non-zero exit code after all tries, an error of the user with its two details',
        HTTP,
        'a task that failed says why, after its retries',
      ),
      proven(
        'TaskEnded: its user terminated the task',
        LIFE,
        'an active task that is terminated is completed at once and counts as failed',
      ),
      proven(
        'TaskEnded: the job was terminated',
        LIFE,
        'a task that its job ends has the failure of one that its user terminated',
      ),
      proven(
        'TaskEnded: the job was disabled with terminate',
        'test/engine/jobs.test.ts',
        'disabling with %s deals with the running task, then the job is disabled',
      ),
      proven(
        'TaskEnded: the node was restarted with terminate',
        'test/engine/nodes-power.test.ts',
        '%s with terminate completes running tasks',
      ),
      proven(
        'TaskEnded: the time limit was over, with a detail that says so',
        FAILURES,
        'a time limit that is over: TaskEnded, with the exit code of the signal and without another try',
      ),
      proven(
        'BlobNotFound, BlobAccessDenied, BlobDownloadTimedOut and BlobDownloadMiscError tell the file',
        FAILURES,
        DOWNLOAD,
      ),
      proven(
        'A host that does not exist is not BlobNotFound',
        STAGE,
        'an address that does not exist is not a blob that is not there',
      ),
      proven(
        'ResourceDirectoryCreateFailed: the directory of the task cannot be made',
        FAILURES,
        'a file where the directory of the job should be: ResourceDirectoryCreateFailed',
      ),
      proven(
        'ResourceDirectoryCreateFailed: the directory of a resource file cannot be made',
        STAGE,
        'a directory that is a file already cannot be made',
      ),
      proven(
        'ResourceFileCreateFailed: a resource file cannot be made',
        FAILURES,
        'a resource file where a directory is already: ResourceFileCreateFailed',
      ),
      proven(
        'ResourceFileWriteFailed and DiskFull: a resource file cannot be written',
        STAGE,
        'what cannot be written to %s is %s',
      ),
      proven('DiskFull: there is no space in any phase', CODES, '%s is DiskFull, whatever was being done'),
      proven(
        'CommandProgramNotFound and CommandLaunchFailed tell the command line and are errors of the user',
        FAILURES,
        COMMAND,
      ),
      proven(
        'ApplicationPackageError: a package of the task cannot be installed',
        'test/protocol/applications.test.ts',
        'a task whose package %s cannot be installed fails before its command',
      ),
      proven(
        'FileUploadContainerNotFound, FileUploadAccessDenied and FileUploadMiscError are failures of the upload',
        FAILURES,
        ANSWER,
      ),
      proven(
        'TaskSchedulingConstraintFailed: the pool does not have the user of the task',
        FAILURES,
        'a user that the pool does not have: TaskSchedulingConstraintFailed',
      ),
      proven(
        'Unknown: anything else, an error of the service',
        CODES,
        'what nobody expected is Unknown, with its message',
      ),
      proven('Blobs, commands, packages and uploads fail by the user', CODES, '%s is an error of the user'),
      proven(
        'Timeouts, other download errors and the node’s disk fail by the service',
        CODES,
        '%s is an error of the service',
      ),
      proven(
        'A container that cannot be listed has the codes of blobs',
        STAGE,
        'a container that may not be listed is a failure without the SAS',
      ),
      differs(
        'MaxInternalRetryCountReached and ResourceDownloadTimedOut end tasks that the agent could not start',
        '`MaxInternalRetryCountReached` and `ResourceDownloadTimedOut`',
      ),
    ],
    'Time limits': [
      proven(
        'maxWallClockTime has no bound unless it is given',
        LIFE,
        'a task without a time limit runs for any time',
      ),
      proven(
        'The time counts from the start of the task, its downloads included',
        RUNTIME,
        'the limit includes the download of resource files',
      ),
      differs(
        'The time includes every wait after the start',
        "but not its wait for a place among the host's processes",
      ),
      proven(
        'A process that takes longer is ended, with the exit code of the system',
        RUNTIME,
        'a command that takes longer than its limit is ended',
      ),
      proven(
        'A task that took too long is completed, not tried again',
        LIFE,
        'a time limit that ended the task is not tried again',
      ),
    ],
    'Exit conditions': [
      proven('A listed exit code counts before ranges, ranges before the default', EXIT, CONDITION),
      proven(
        'Both ends belong to a range of exit codes',
        EXIT,
        'a range goes from its first to its last exit code',
      ),
      proven('A listed exit code wins over a later upload error', EXIT, CONDITION),
      proven(
        'A range of exit codes must not end before it starts',
        EXIT_JOB,
        'a range of exit codes that ends before it starts is refused',
      ),
      proven(
        'Errors before and after the process have conditions of their own, else the default',
        EXIT,
        'errors without a condition of their own have the default',
      ),
      proven(
        'Exit code 0 has other consequences only when it is listed',
        EXIT,
        'exit code 0 counts otherwise only when it is listed',
      ),
      proven(
        'Without conditions exit code 0 satisfies dependents and everything else blocks them',
        EXIT,
        'without conditions %s has the default consequences',
      ),
      proven(
        'Conditions are looked at when the tries are used up',
        DEPENDENCIES,
        'a parent counts only once its tries are used up',
      ),
      proven(
        'A task that its user terminated blocks its dependents',
        DEPENDENCIES,
        'a parent that its user terminated blocks',
      ),
    ],
    Dependencies: [
      proven(
        'Dependencies are refused in a job without usesTaskDependencies',
        DEPENDENCIES,
        'dependencies are refused in a job that does not use them',
      ),
      proven(
        'More characters of ids are refused with TaskDependencyListTooLong',
        DEPENDENCIES,
        'the ids of a list may have 64000 characters together',
      ),
      proven(
        'Too many ranges are refused with TaskDependencyRangesTooLong',
        DEPENDENCIES,
        'the numbers of ranges may have as many',
      ),
      proven(
        'Every number of a range must be satisfied, by ids that are integers, leading zeros ignored',
        DEPENDENCIES,
        'every number of a range must succeed, leading zeros ignored and the first of them enough',
      ),
      proven(
        'A task whose parent failed with block stays active, and its own dependents too',
        DEPENDENCIES,
        'a parent that failed keeps its dependents active for ever',
      ),
      proven(
        'A dependency on a task that is not there yet is accepted and waits; circles are not looked for',
        DEPENDENCIES,
        'a missing parent, a task itself and a circle are accepted and wait',
      ),
      proven(
        'Tasks that wait for others count as active in counts',
        DEPENDENCIES,
        'a parent that failed keeps its dependents active for ever',
      ),
      proven(
        'Tasks that wait for others do not count in $ActiveTasks',
        'test/engine/autoscale.test.ts',
        'only tasks that could run count as active',
      ),
    ],
    'Multi-instance tasks': [
      proven(
        'Without inter-node communication, or with several slots per node, the task stays active',
        INSTANCES,
        'a pool %s never runs it',
      ),
      proven(
        'It needs requiredSlots 1 and a coordination command, and has one instance by default',
        INSTANCES,
        'it needs one slot of each node, and a coordination command',
      ),
      proven(
        'It takes all its nodes at once, each for one instance',
        INSTANCES,
        'a task waits until enough nodes are free; smaller ones do not wait for it',
      ),
      proven(
        'The coordination runs on all nodes and must end before the command runs on the primary',
        INSTANCES,
        'the coordination runs on every node at once, the application afterwards on the primary',
      ),
      proven(
        'Common files are in the root directory of every instance, resource files in the primary’s working directory',
        RULES,
        'a multi-instance task coordinates its nodes, then runs on the primary',
      ),
      proven(
        'Resource files are fetched by the primary only',
        INSTANCES,
        'all commands know the addresses of the nodes, the primary first',
      ),
      proven(
        'Its exit code is that of the primary, whose end frees all nodes',
        INSTANCES,
        'the exit code of the application is that of the task',
      ),
      proven(
        'An instance that fails ends and fails the whole task',
        INSTANCES,
        'a coordination that fails anywhere fails the task, and the others are ended',
      ),
      proven(
        'All instances are tried again together',
        INSTANCES,
        'a failed coordination is tried again with the whole task',
      ),
      proven(
        'The list of subtasks is without the primary and tells the states of the others',
        INSTANCES,
        'the subtasks are listed without the primary, with their nodes and outcomes',
      ),
      proven('Other tasks have an empty list of subtasks', HTTP, 'a task of one instance has no subtasks'),
      proven(
        'Terminating it ends all instances',
        INSTANCES,
        'terminating it %s ends everything and frees all nodes',
      ),
      proven(
        'Deleting it deletes the files of all instances',
        INSTANCES,
        'deleting it deletes its files on every node',
      ),
      proven('Output files are those of the primary', INSTANCES, 'its output files are those of the primary'),
      proven(
        'It counts in $ActiveTasks as often as it has instances',
        INSTANCES,
        'formulas count one that waits as often as it has instances',
      ),
      proven(
        'Nodes that are being prepared for its instances are not taken by jobs of a lower priority',
        INSTANCES,
        'nodes that are prepared for it are not taken by a job of a lower priority meanwhile',
      ),
      proven(
        'Its subtasks are numbered from 1',
        INSTANCES,
        'the subtasks are listed without the primary, with their nodes and outcomes',
      ),
      differs('It has at most 150 subtasks', 'any number of subtasks'),
      differs('Programs of the instances reach each other', 'Multi-instance tasks'),
    ],
    'Constraints, slots and affinity': [
      proven(
        'The files of a task stay for its retention time after its end',
        RETENTION,
        'files go when their retention time is over, 7 days unless the task says otherwise',
      ),
      proven('The files of a task go with its node', RETENTION, 'nothing is deleted on a node that is gone'),
      proven(
        'The files of a multi-instance task stay on all its nodes for this time',
        RETENTION,
        'the files of a multi-instance task go from all its nodes',
      ),
      proven(
        'The largest duration keeps the files for ever',
        RETENTION,
        'an unlimited retention time never ends',
      ),
      proven(
        'Constraints that are not given are answered with their defaults, retries with the job’s',
        HTTP,
        'an active task has no node and only its counts',
      ),
      proven(
        'A task takes one slot unless it requires more',
        HTTP,
        'an active task has no node and only its counts',
      ),
      proven(
        'A task waits for a node with as many free slots as it requires',
        SLOTS,
        'tasks of all sizes run in the order of the job as far as they fit',
      ),
      proven(
        'A task that requires more slots than nodes have is accepted and never runs',
        SLOTS,
        'a task that needs more slots than a node has waits for ever, others pass it',
      ),
      proven(
        'A task runs on the node of its affinity, told by a node or a finished task, or on another one if that is busy',
        LIFE,
        'a task goes to the node of a finished task that it names, and to another one when that is busy',
      ),
    ],
    'Resource files': [
      proven(
        'A resource file has exactly one source, with the members that belong to it',
        VALUES,
        WRONG_VALUE,
      ),
      proven(
        'Every kind of task can have them',
        FILES,
        'start, preparation, release, job manager and other tasks get their resource files',
      ),
      proven(
        'Any HTTP URL is downloaded to filePath, with mode 0770 unless it is given',
        STAGE,
        'files are downloaded to their paths with their modes',
      ),
      proven(
        'The blobs of a container, of a prefix if one is given, keep their names below filePath',
        STAGE,
        'the blobs of a container keep their names below the file path',
      ),
      proven(
        'A container of the linked storage account is read by its name',
        'test/protocol/auto-storage.test.ts',
        'a task reads a container of it by name, without a SAS',
      ),
      proven('filePath cannot leave the working directory', VALUES, 'refuses a resource file at %s'),
      proven('No link leads a resource file out of the working directory', STAGE, 'the path %j is refused'),
      proven(
        'A list that is too large is refused as a body that is too large',
        'test/protocol/service.test.ts',
        'a body of more than 1 MiB is refused with the limit',
      ),
      differs('Managed identities can read blobs', '`resourceFile.identityReference`'),
    ],
    'Output files': [
      proven('Patterns know *, **, ?, sets and their negation, [*] and leading dots', GLOB, BRACKETS),
      proven(
        'A pattern is relative to the working directory or absolute, its variables expanded; path is taken as it is',
        UPLOAD,
        DESTINATION,
      ),
      proven(
        'path is the name of one file and the virtual directory of many, their directories kept below it',
        UPLOAD,
        'the path is the name of one file and the directory of many',
      ),
      proven('Without a path the files go to the top of the container', UPLOAD, DESTINATION),
      proven('A pattern that matches no file is no error', UPLOAD, DESTINATION),
      proven(
        'Files are uploaded after every end of the process unless their condition says otherwise',
        LIFE,
        'an output file without a condition goes after every end of the task',
      ),
      proven(
        'The upload condition goes by the exit code',
        UPLOAD,
        'conditions go by the exit code, in any case of letters',
      ),
      proven(
        'Files whose condition is not met stay where they are',
        UPLOAD,
        'nothing is uploaded or logged when the condition is not met',
      ),
      proven(
        'The upload is over before the task is completed, and done after every try',
        FAILURES,
        'output files are uploaded after every try, before the task is done',
      ),
      proven(
        'The blobs have the headers that were asked for',
        UPLOAD,
        'the blobs get the headers of their output file',
      ),
      proven(
        'Job managers have output files, too',
        FILES,
        'start, preparation, release, job manager and other tasks get their resource files',
      ),
      proven('Start, preparation and release tasks have no output files', FILES, '%s has no output files'),
      proven(
        'A failed upload completes the task as a failure, whatever the exit code',
        OUTCOME,
        'an upload error fails a task that exited with 0',
      ),
      differs('Managed identities can write blobs', '`outputFile.identityReference`'),
    ],
    'Adding tasks': [
      proven('A collection has 1 to 100 tasks', HTTP, 'a collection of %s is refused as a whole'),
      proven(
        'Each task of a collection has a result of its own, success or clienterror',
        HTTP,
        'each task of a collection has a result of its own, in the service’s shape',
      ),
      proven(
        'A task with an id that is there already is TaskExists, in any case of letters',
        LIFE,
        'ids are unique regardless of case, and are told as they were written first',
      ),
      proven(
        'The token of a task opens all of its job',
        RULES,
        'a task that asks for access to its job gets a token that opens the job and nothing else',
      ),
    ],
    'Task counts': [
      proven(
        'Counts are of active, running, succeeded, failed and, for the latter two together, completed tasks',
        ENGINE,
        'counts follow every move and slots count as the tasks need them',
      ),
      proven(
        'Tasks that are preparing count as running, with their slots',
        PREPARATION,
        'the preparation runs once on a node, before the first task there, which is preparing meanwhile',
      ),
      proven(
        'An active task that is terminated counts as failed',
        LIFE,
        'an active task that is terminated is completed at once and counts as failed',
      ),
      proven(
        'Slots are counted like tasks, each task with those that it requires',
        ENGINE,
        'counts follow every move and slots count as the tasks need them',
      ),
      differs(
        'A deleted task may take minutes to leave the queue',
        'gone from every count and formula at once',
      ),
      differs('Counts are behind by seconds', 'exact; those of tasks are behind with `--profile azure`'),
    ],
    Containers: [
      proven(
        'On a pool without container configuration a task with container settings fails with ContainerPoolNotSupported',
        RULES,
        'a container task completes with ContainerPoolNotSupported on a pool that is not made for it',
      ),
      proven(
        'A task with container settings runs in a container, in its working directory and with its variables',
        CONTAINERS,
        'a task on a container pool runs in its container, in its own directory',
      ),
      differs('A container has the GPUs of its node', '`--gpus all`'),
      proven('A container has all directories of its node', RUN, 'the whole command'),
      proven(
        'containerHostBatchBindMounts leaves a container the directories that it names',
        RUN,
        'it sees the directories that it names, where they are on the node',
      ),
      proven(
        'A container starts in the directory of its image with containerImageDefault',
        RUN,
        'it starts where the image says when it is asked to',
      ),
      proven('An empty command line runs what the image says', RUN, 'without words the image says what runs'),
      proven(
        'containerRunOptions are further options of the command that runs the container',
        RUN,
        'further options come last, just before the image',
      ),
      proven(
        'The images of a container pool are fetched while its nodes start',
        CONTAINERS,
        'an image is fetched once for all nodes, while they start',
      ),
      proven(
        'A task may use the registries of its pool, whose passwords no answer has',
        CONTAINERS,
        "the password of a pool's registry is used for its images, and is in no answer and no command line",
      ),
      proven(
        'A task may name a registry of its own',
        CONTAINERS,
        "a task's own registry comes before that of its pool; without a server it is Docker's",
      ),
      proven(
        'An image that cannot be had is ContainerInvalidImage, or ContainerInvalidRegistry if it is for the registry',
        CONTAINERS,
        '%s with the password %s: %s',
      ),
      proven(
        'Options that the run command does not have are ContainerInvalidSettings',
        CONTAINERS,
        'options that the engine does not know fail the task',
      ),
      proven(
        'Without anything that runs containers a task of a container pool fails with ContainerMiscError',
        RULES,
        'on a container pool it fails without a container engine, and says what is missing',
      ),
      proven(
        'containerInfo tells of the container of the last try',
        'test/engine/containers.test.ts',
        'containerInfo is that of the last try, and goes with a new one',
      ),
      proven(
        'Start, preparation and release tasks may have containers',
        CONTAINERS,
        'start, preparation and release tasks have containers, too',
      ),
      proven(
        'A task that is terminated takes its container along',
        CONTAINERS,
        'a container ends with its task, not with the client of the engine',
      ),
    ],
  },
}
