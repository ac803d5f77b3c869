import { type Chapter, differs, proven } from './rule.ts'

const COMMANDS = 'test/protocol/commands.test.ts'
const ENVIRONMENT = 'emulator/src/node/environment.test.ts'
const LAUNCHER = 'emulator/src/node/launcher.test.ts'
const PACKAGES = 'emulator/src/node/application-packages.test.ts'
const RUNTIME = 'emulator/src/node/runtime.test.ts'
const VARIABLES = 'test/engine/environment.test.ts'

const BUILT_IN = 'a task sees the variables of its account, node, job and directories'
const INSTANCES = 'the commands of a multi-instance task know each other'
const START_TASK = 'a start task has no job and no task'
const RUNS_AS_YOU = 'every command runs as you'

/** A variable that every command sees. */
const variable = (says: string) => proven(says, ENVIRONMENT, BUILT_IN)

export const NODES: Chapter = {
  title: 'What a command finds on its node',
  sections: {
    Directories: [
      proven(
        'AZ_BATCH_NODE_ROOT_DIR is the directory that all others of a node are in',
        ENVIRONMENT,
        BUILT_IN,
      ),
      proven(
        'A node has applications, fsmounts, shared, startup, volatile and workitems from its boot on',
        RUNTIME,
        'a node has its directories after boot and no files after a wipe',
      ),
      proven(
        'A node without a start task has the directory of one',
        'test/protocol/files.test.ts',
        'the root of a node holds the service’s directories',
      ),
      proven(
        'All tasks on a node share one directory; other nodes do not see it',
        COMMANDS,
        'all tasks on a node write into its shared directory, which other nodes do not see',
      ),
      proven(
        'The root of a start task is startup, with its output beside wd',
        COMMANDS,
        'the start task works in startup/wd, where its files are',
      ),
      proven(
        'A start task that runs again finds a new working directory',
        RUNTIME,
        'the start task runs in startup/wd, made anew each time',
      ),
      proven(
        'The root of a task is workitems/<job>/job-1/<task>, its working directory wd below',
        RUNTIME,
        'a task runs in its working directory and leaves its output in files',
      ),
      proven(
        'stdout.txt and stderr.txt are there when nothing was written',
        COMMANDS,
        'the files of its output are there when a command has written nothing',
      ),
      proven(
        'The directory of a simple task lists certs, stderr.txt, stdout.txt and wd, and nothing else',
        'test/protocol/files.test.ts',
        'a task’s files are listed one level deep',
      ),
      proven(
        'Tasks of the job schedule:job-7 are below workitems/schedule/job-7',
        RUNTIME,
        'the tasks of a job that a schedule made are below the schedule',
      ),
      proven(
        'Preparation and release tasks have directories of their ids beside the tasks',
        'test/protocol/job-tasks.test.ts',
        'the preparation runs once on a node before its tasks, the release task at the end of the job',
      ),
      proven(
        'The ids of preparation and release tasks are jobpreparation and jobrelease unless they are said',
        'test/protocol/job-tasks.test.ts',
        'GET answers the tasks of a job with the service’s defaults',
      ),
      proven(
        'Subtask k of a multi-instance task works in <task>/<k>',
        'test/protocol/task-rules.test.ts',
        'its subtasks are listed with their nodes, where their files are',
      ),
      proven(
        'fileuploadout.txt and fileuploaderr.txt are beside the output of a task that uploaded files',
        'emulator/src/node/upload.test.ts',
        'the logs of the upload are beside the output and match its patterns',
      ),
      proven(
        'A task that uploads nothing has no logs of uploads',
        'emulator/src/node/upload.test.ts',
        'nothing is uploaded or logged when the condition is not met',
      ),
      differs('Mounted file systems are below fsmounts, with a log each', 'pool.mountConfiguration'),
      proven(
        'The files of a node are gone when it leaves its pool',
        RUNTIME,
        'removing a node ends its tasks and deletes its files',
      ),
      differs('The files of a task belong to its user', RUNS_AS_YOU),
    ],
    'Environment variables': [
      variable('AZ_BATCH_ACCOUNT_NAME is the name of the account'),
      proven(
        'AZ_BATCH_ACCOUNT_URL is the URL of the account and ends with a slash',
        COMMANDS,
        'a command knows its account by a URL that ends with a slash, its pool as that was written, and its node',
      ),
      proven(
        'AZ_BATCH_POOL_ID is the id of the pool in its own case',
        COMMANDS,
        'a command knows its account by a URL that ends with a slash, its pool as that was written, and its node',
      ),
      variable('AZ_BATCH_NODE_ID is the id of the node'),
      proven(
        'The id of a node is tvmps_, 64 hexadecimal digits and _d, or _p for a spot node',
        'test/protocol/nodes.test.ts',
        'the id says whether a node is dedicated',
      ),
      proven(
        'AZ_BATCH_NODE_IS_DEDICATED is true, or false on a spot node',
        ENVIRONMENT,
        'a task on a spot node, of a job that a schedule made, is told so',
      ),
      variable('AZ_BATCH_NODE_SHARED_DIR is shared below the root of the node'),
      variable('AZ_BATCH_NODE_STARTUP_DIR is startup below the root of the node'),
      variable('AZ_BATCH_NODE_STARTUP_WORKING_DIR is startup/wd'),
      variable('AZ_BATCH_NODE_MOUNTS_DIR is fsmounts below the root of the node'),
      proven('A start task sees AZ_BATCH_NODE_MOUNTS_DIR too', ENVIRONMENT, START_TASK),
      variable('AZ_BATCH_JOB_ID is the id of the job'),
      proven(
        'AZ_BATCH_JOB_ID of a job that a schedule made contains a colon',
        ENVIRONMENT,
        'a task on a spot node, of a job that a schedule made, is told so',
      ),
      variable('AZ_BATCH_TASK_ID is the id of the task'),
      proven('A start task has neither AZ_BATCH_JOB_ID nor AZ_BATCH_TASK_ID', ENVIRONMENT, START_TASK),
      variable('AZ_BATCH_TASK_DIR is the root of the task'),
      proven('AZ_BATCH_TASK_DIR of a start task is startup', ENVIRONMENT, START_TASK),
      variable('AZ_BATCH_TASK_WORKING_DIR is wd below the root of the task'),
      variable('AZ_BATCH_CERTIFICATES_DIR is certs below the root of the task'),
      proven(
        'AZ_BATCH_JOB_PREP_DIR and AZ_BATCH_JOB_PREP_WORKING_DIR are set if the job has a preparation task, else not',
        ENVIRONMENT,
        'a task of a job with a preparation finds what that left on the node',
      ),
      proven(
        'A release task knows the directory of the preparation, which does not know its own by that name',
        'test/engine/preparation.test.ts',
        'the job’s variables are those of its preparation and release, too, and tasks learn of the preparation',
      ),
      proven(
        'The variables of the preparation stay when its files have had their time',
        VARIABLES,
        'tasks learn where the preparation was although its files have had their time',
      ),
      variable('AZ_BATCH_TASK_USER is _azbatch for automatic users'),
      proven(
        'AZ_BATCH_TASK_USER_IDENTITY is PoolNonAdmin, PoolAdmin, TaskNonAdmin or TaskAdmin',
        ENVIRONMENT,
        '%s has a name',
      ),
      proven(
        'AZ_BATCH_AUTHENTICATION_TOKEN opens the job of a task that asks for it',
        'test/protocol/task-rules.test.ts',
        'a task that asks for access to its job gets a token that opens the job and nothing else',
      ),
      proven('Other tasks have no token', 'test/protocol/task-rules.test.ts', 'other tasks get none'),
      variable(
        'AZ_BATCH_TASK_RESERVED_EPHEMERAL_DISK_SPACE_BYTES is the free space below which a disk is full',
      ),
      variable('AZ_BATCH_RESERVED_DISK_SPACE_BYTES says the same'),
      proven('AZ_BATCH_HOST_LIST has the addresses of the nodes with commas', ENVIRONMENT, INSTANCES),
      proven('AZ_BATCH_NODE_LIST has them with semicolons', ENVIRONMENT, INSTANCES),
      proven('AZ_BATCH_MASTER_NODE is address and port of the primary', ENVIRONMENT, INSTANCES),
      proven('AZ_BATCH_IS_CURRENT_NODE_MASTER is true on the primary only', ENVIRONMENT, INSTANCES),
      proven('AZ_BATCH_TASK_SHARED_DIR is the root of the task on every node', ENVIRONMENT, INSTANCES),
      proven('CCP_NODES is the number of nodes, then address and cores of each', ENVIRONMENT, INSTANCES),
      proven('Tasks of one instance see none of these six', ENVIRONMENT, BUILT_IN),
      proven(
        'The variables of a job are those of its tasks and of its job manager; their own come first',
        VARIABLES,
        'the variables of a job are those of its job manager and its tasks, unless these have their own',
      ),
      proven(
        'They are those of its preparation and release task as well',
        'test/engine/preparation.test.ts',
        'the job’s variables are those of its preparation and release, too, and tasks learn of the preparation',
      ),
      proven(
        'They are not those of a start task, which has its own',
        VARIABLES,
        'a start task has variables of its own, whatever jobs use the pool',
      ),
      proven(
        'A setting may refer to other variables',
        COMMANDS,
        'settings are expanded for the command, but a circle of them fails it',
      ),
      proven(
        'Settings that refer to each other in a circle fail the task',
        COMMANDS,
        'settings are expanded for the command, but a circle of them fails it',
      ),
      proven(
        'PATH finds the programs of the system',
        COMMANDS,
        'programs of the system are found by their names, without a shell',
      ),
      differs('PATH is that of the image', 'PATH of a task'),
      variable('HOME is the working directory of the task'),
      proven('HOME of a start task is startup/wd', ENVIRONMENT, START_TASK),
      proven(
        'A command sees nothing of the environment that the agent runs in',
        RUNTIME,
        'a task sees nothing of the environment of the emulator',
      ),
      differs('Whoever logs in to a node does not see the variables of tasks', 'but nothing listens there'),
    ],
    'Application packages': [
      proven(
        'A package is a zip, unpacked below the root of the node, of which only the content stays',
        PACKAGES,
        'a package is unpacked below its name and version',
      ),
      proven(
        'AZ_BATCH_APP_PACKAGE_<id>_<version> names its directory, with _ for dots, hyphens and #, and a twin in capitals',
        PACKAGES,
        'variables name the directory, in the case of the id and in capitals',
      ),
      proven(
        'A reference without a version means the default one, and its variable has no version either',
        'test/protocol/applications.test.ts',
        'a start task and tasks run programs out of the packages of their pool and of their own',
      ),
      proven(
        'The packages of a pool are installed at each boot of a node',
        'test/engine/applications.test.ts',
        'a node installs the packages of its pool at every boot',
      ),
      proven(
        'They are there before the start task; tasks find them and their own',
        'test/protocol/applications.test.ts',
        'a start task and tasks run programs out of the packages of their pool and of their own',
      ),
      proven(
        'A node is unusable when a package of its pool cannot be installed, and tells the error',
        'test/protocol/applications.test.ts',
        'a node on which a package of its pool cannot be installed is unusable, and says why',
      ),
      proven(
        'Such a node does not recover by itself; a reboot tries again',
        'test/engine/applications.test.ts',
        'a node whose packages cannot be installed is unusable until it is rebooted',
      ),
      proven(
        'A task whose package cannot be installed fails with ApplicationPackageError before its command',
        'test/protocol/applications.test.ts',
        'a task whose package %s cannot be installed fails before its command',
      ),
      proven(
        'A version that is on the node already is used again',
        PACKAGES,
        'a package that is on the node already is used again',
      ),
      proven(
        'New references of a pool are for nodes that join it or boot again',
        'test/engine/applications.test.ts',
        'a node installs the packages of its pool at every boot',
      ),
      proven(
        'A node that was rebooted still has its old packages',
        RUNTIME,
        'a reimage leaves nothing of the old disk, a reboot everything',
      ),
    ],
    'Command lines': [
      proven(
        'A command runs without a shell: no variables, redirections, pipes or patterns',
        RUNTIME,
        'the shell is not involved: variables and redirections are plain words',
      ),
      proven(
        'Quotes group words as in POSIX',
        'emulator/src/node/command-line.test.ts',
        '%j is split into %j',
      ),
      proven('A command line whose quotes do not match cannot be launched', RUNTIME, '%s cannot be launched'),
      proven(
        'A program and its files are looked for in the working directory when their paths are relative',
        COMMANDS,
        'relative paths begin in the working directory, the program’s too',
      ),
      proven(
        'A program that is not found completes the task as a CommandProgramNotFound of the user, without an exit code',
        RUNTIME,
        'a program that does not exist is a failure without an exit code',
      ),
      proven(
        'A file that may not be executed is a CommandLaunchFailed of the user',
        RUNTIME,
        '%s cannot be launched',
      ),
      proven(
        'So is one that is in no format of a program, as a script without #!',
        COMMANDS,
        'a file that names no interpreter is no program',
      ),
      proven(
        'A script that names its interpreter is a program, wherever PATH finds it',
        LAUNCHER,
        'runs a script only if it names its interpreter',
      ),
      proven(
        'Output is in stdout.txt and stderr.txt while the command runs',
        COMMANDS,
        'what a command writes can be read while it runs, from where the reader was',
      ),
      proven('Input is empty', COMMANDS, 'a command reads nothing from its input'),
      proven(
        'A task is over when its main process is, and what that leaves running is killed',
        RUNTIME,
        'what a command leaves running in the background ends with it',
      ),
      proven(
        'The exit code of a process that a signal ended is the negative number of the signal',
        RUNTIME,
        'a process that a signal ended is reported with the negative number of the signal',
      ),
      proven(
        'A signal below a shell is an exit code of 128 and its number',
        COMMANDS,
        'a signal that ended a program which a shell ran is told as the shell tells it',
      ),
    ],
    Users: [
      proven(
        'Commands are run by an automatic user of the pool that is no administrator',
        VARIABLES,
        'who runs a command is an automatic user of the pool without rights, unless somebody is named',
      ),
      proven(
        'An automatic user is one of the pool and no administrator unless it is said',
        ENVIRONMENT,
        '%s has a name',
      ),
      proven('A user is either named or automatic', VARIABLES, 'who runs a command cannot be %s'),
      proven(
        'A named user is one of the userAccounts of the pool; else the task fails when it is to run',
        'test/protocol/conformance.test.ts',
        'a task of a user that its pool does not have is taken and fails',
      ),
      proven(
        'An account of a pool has both uid and gid, or neither',
        VARIABLES,
        'an account of a pool has a number of its own with a group, or neither',
      ),
      differs('An automatic user with elevation runs commands as root', 'or root when elevated'),
      differs('A node has two automatic users of the pool, one of them an administrator', RUNS_AS_YOU),
      differs(
        'A task cannot write into the directories of start and preparation task unless it has their user',
        RUNS_AS_YOU,
      ),
    ],
  },
}
