// What goes wrong beside the errors of the service: what is printed, why, and what to do. `{…}` in a message is what differs
// from case to case, `{}` a place where two texts of the source meet; a test looks up the rest in the source, so that a
// message that is changed is changed here, too.

/** One thing that goes wrong. */
export interface Situation {
  title: string
  /** What is printed or answered. */
  messages: readonly string[]
  /** What other programs say. */
  foreign?: readonly string[]
  /** Cause and remedy, Markdown. */
  text: string
}

const STARTING: readonly Situation[] = [
  {
    title: 'A port is taken',
    messages: [
      '{Batch} service: port {10003} on {127.0.0.1} is taken; stop what listens there or choose another with {--batchPort} (0 = a free one)',
      'Dashboard: port {11003} on 127.0.0.1 is taken; choose another with --uiPort (0 = a free one)',
    ],
    text: 'Often it is another emulator: `malachite emulator status` finds one that runs in the background, `ss -ltnp` (macOS: `lsof -iTCP -sTCP:LISTEN`) any other program. In tests take free ports: `--batchPort 0 --blobPort 0` with `--endpointsFile`, or `malachite exec -- COMMAND`. When only the usual port of the dashboard is taken, the emulator goes on without it.',
  },
  {
    title: 'Azurite does not start',
    messages: ['{Blob} service: {}Azurite did not start ({reason}). Its last output: {…}'],
    text: 'Its last output names the cause: mostly a `--location` that cannot be written or was written by a newer Azurite. Without tasks that use blobs leave it out: `--blobPort none`. `malachite doctor` tells whether it is installed.',
  },
  {
    title: 'The directory is in use, damaged or from another version',
    messages: [
      '{DIR} is in use by another emulator; stop that one or choose another --location',
      'Cannot write to {DIR}: {EACCES: permission denied}',
      '{DIR/batch.db} is damaged ({database disk image is malformed}); {}nothing in it was changed; put a copy in its place, or use another --location',
      '{DIR/batch.db} was written by a newer release {}(schema {30}, this one knows {29}){}; use that release or another --location',
      '{DIR/batch.db} was written by a build before the first release; delete it or use another --location',
    ],
    text: 'Nothing is changed in a database that is refused, so that it can be copied first. Databases of older releases are brought up to date at the start. What survives a kill or a loss of power: [durability](durability.md).',
  },
  {
    title: 'Node is too old',
    messages: ['malachite: needs Node {24} or newer, but this is Node {20.20.2}.'],
    text: 'An installed package needs that Node. A checkout brings its own: start `node_modules/.bin/malachite`, not `node packages/…`.',
  },
]

const REFUSED: readonly Situation[] = [
  {
    title: 'Nothing answers',
    messages: [
      'The Batch service at {http://127.0.0.1:10003} does not answer ({ECONNREFUSED}). {}Is the emulator running? Start it with `malachite emulator`.',
    ],
    text: 'Code `ServiceUnreachable`. Is the endpoint that of this emulator? `malachite env` prints what it should be; `malachite doctor` compares. In a container 127.0.0.1 is the container itself: use the name of the service and `--allowedHosts`.',
  },
  {
    title: 'The client is refused',
    messages: [
      'The key is not that of {ACCOUNT}, or something changes requests on their way. `eval "$(malachite env)"` sets the emulator’s own.',
      'That is the key of the account {OTHER}: the name and the key must belong together.',
      'The account is {devbatchaccount1}, unless MALACHITE_ACCOUNTS names others.',
      'The client’s clock is {42} minutes {behind} the emulator’s, or the request was kept and sent again: set the clock, sign each request anew.',
      "The MAC signature found in the HTTP request '{…}' is not the same as any computed signature. Server used following string to sign: '{…}'",
    ],
    text: 'All are `AuthenticationFailed`; the sentence is the `Hint` in the error’s `values` and in the log (`--debug FILE`). The string to sign is what the emulator saw: compare it with what your client signed; proxies that add or change headers are the usual reason. A clock that is off is set by `sudo timedatectl set-ntp true`; in WSL after a sleep by `sudo hwclock -s`. `--timeScale` does not move the clock of signatures.',
  },
  {
    title: 'The client insists on https',
    messages: [],
    foreign: [
      'SSL routines::wrong version number',
      'ERR_SSL_WRONG_VERSION_NUMBER',
      '[SSL: WRONG_VERSION_NUMBER]',
    ],
    text: 'It speaks https to a port that speaks http. Write `http://` into the endpoint; clients that cannot (.NET, Java and `@azure-rest/batch` with tokens) need a certificate: [https](credentials.md#https).',
  },
  {
    title: 'The emulator does not want to listen',
    messages: [
      'On {0.0.0.0} other machines could run programs here with the published development key. Give keys of your own in MALACHITE_ACCOUNTS="name:key", or allow it with --unsafe where the network is private.',
      'On {0.0.0.0} other machines could run programs here with tokens of their own making: signatures of bearer tokens are not verified. Leave --oauth basic out, or allow it with --unsafe where the network is private.',
    ],
    text: 'It protects your machine: [security](security.md#who-can-reach-it).',
  },
  {
    title: 'A client for blobs talks to the Batch service',
    messages: [
      'This looks like a request for blobs. The Batch service has a port of its own: give the Storage client the URL of Azurite.',
    ],
    text: 'Blobs are on port 10000; `malachite env` prints `AZURE_STORAGE_CONNECTION_STRING`.',
  },
]

const RUNNING: readonly Situation[] = [
  {
    title: 'A task stays active',
    messages: [],
    text: '`malachite why task JOB TASK` says why, and what to do; the page of the task in the dashboard says the same. The usual causes are a pool without nodes, a job that is disabled, a dependency that failed, a start task that runs or failed, and slots that are taken. All of them: [why](why.md#causes).',
  },
  {
    title: 'A node is starttaskfailed',
    messages: [
      'The start task of node {tvmps_…_d} failed: {the command line ended with exit code 1}. {}Read startup/stderr.txt on the node, correct the start task of the pool, then reboot the node.',
    ],
    text: "`malachite node file download POOL NODE startup/stderr.txt`, or the page of the node. A start task runs in a bare environment as in Azure: `PATH` is short, `HOME` is its working directory, and a command line has no shell unless it starts one (`/bin/bash -c '…'`).",
  },
  {
    title: 'The program is not found, or cannot be started',
    messages: [
      'Name its full path or install it by a start task; a command line has no shell, so what needs one is written as /bin/sh -c "…".',
    ],
    text: 'Codes `CommandProgramNotFound` and `CommandLaunchFailed`, or exit code 127 when a shell looked for it. Tasks see nothing of your own `PATH`: Node is there, the rest is `/usr/local/bin:/usr/bin:/bin` and the like. A script needs `#!/bin/sh` and `fileMode` 0755.',
  },
  {
    title: 'The job ends before it has tasks',
    messages: [
      'The job has ended. With "onAllTasksComplete": "terminatejob" a job without tasks ends at once: create it with "noaction", add the tasks, then change it.',
    ],
    text: 'The service does the same.',
  },
  {
    title: 'A helper process ended',
    messages: ['The launcher process ended'],
    text: 'Somebody, or the system when memory was short (`dmesg | grep -i kill`), killed one of the helpers that start tasks. Its tasks failed with the code `Unknown`; a new helper runs by now, so reactivate them.',
  },
  {
    title: 'Processes of tasks are left over',
    messages: ['Processes of tasks below {DIR} do not end'],
    text: 'When the emulator is killed, its helpers kill what tasks had started, and the next start with the same `--location` ends what got away. Left over is only what took off both marks ([which](durability.md#what-else-happens)), or waits for a disk that does not answer: `ps -o pid,stat,args` shows it in state `D`.',
  },
  {
    title: 'The disk is full',
    messages: [
      'There is not enough disk space on the node',
      'What the nodes report waits for the disk of the database: {database or disk is full}',
    ],
    text: 'The first is the failure `DiskFull` of a task, the second a warning of the emulator: requests that change something are answered 500 `InternalError` meanwhile and change nothing. It goes on by itself once there is room. Its files are below `--location`, else below the temporary directory: `TMPDIR=DIR` moves them. Files of ended tasks go after their `retentionTime` (7 days), with their node, or with their job. `malachite doctor` looks at the space.',
  },
]

/** The situations by chapter. */
export const SITUATIONS = {
  'The emulator does not start': STARTING,
  'Clients do not get through': REFUSED,
  'Tasks do not run': RUNNING,
} as const
