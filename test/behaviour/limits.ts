import { type Chapter, differs, proven } from './rule.ts'

const LIMIT = 'test/engine/limits.test.ts'
const PORTS = 'emulator/src/schema/nat-pools.test.ts'
const QUOTAS = 'test/engine/quotas.test.ts'
const VALUES = 'emulator/src/schema/invalid-value.test.ts'
const WRONG_VALUE = 'says what is wrong with a value: %s'

export const LIMITS: Chapter = {
  title: 'Limits and images',
  sections: {
    Names: [
      proven(
        'Ids of pools, jobs, tasks and job schedules have 1 to 64 letters, digits, - and _',
        LIMIT,
        'pools, jobs, tasks and job schedules have ids of 1 to 64 letters, digits, - and _',
      ),
      proven(
        'Ids of pools are unique regardless of case and keep theirs',
        'test/engine/pools.test.ts',
        'pool ids are unique regardless of case and answered as given',
      ),
      proven(
        'Ids of jobs and job schedules are unique regardless of case',
        'test/engine/job-schedules.test.ts',
        'jobs and job schedules share their ids, regardless of case',
      ),
      proven(
        'Ids of tasks are unique in their job, regardless of case',
        LIMIT,
        'of two tasks of one job whose ids differ in case only the second is refused; another job takes it',
      ),
      proven(
        'A display name has at most 1024 characters and need not be unique',
        LIMIT,
        'a display name has at most 1024 characters of any kind, and several things may have the same',
      ),
      proven(
        'The jobs of a schedule are named after it and numbered, with a colon that no other id has',
        'test/engine/job-schedules.test.ts',
        'a schedule without times makes its job at once and is completed when that is',
      ),
      proven(
        'The prefix of an auto pool has at most 20 characters',
        'test/engine/auto-pools.test.ts',
        'a job with %j is refused with %s',
      ),
      proven('The name of a user account has at most 20 characters', VALUES, WRONG_VALUE),
      proven(
        'Metadata without a name has an error code of its own',
        VALUES,
        'has the code %s of its own for %j',
      ),
      differs(
        'Metadata have a size that they may not exceed',
        '`MetadataTooLarge` and `InvalidMetadata` never occur',
      ),
    ],
    Sizes: [
      proven(
        'A task collection has at most 100 tasks',
        'test/protocol/tasks.test.ts',
        'a collection of %s is refused as a whole',
      ),
      proven(
        'A collection of 100 tasks is taken',
        'test/protocol/tasks.test.ts',
        '100 tasks are taken at once',
      ),
      proven(
        'A body has at most 1 MiB, a larger one is 413 RequestBodyTooLarge',
        'test/protocol/service.test.ts',
        'a body of more than 1 MiB is refused with the limit',
      ),
      proven(
        'A start task has at most 32768 characters with its files and environment',
        LIMIT,
        'a start task has at most 32768 characters, its files and environment included',
      ),
      proven(
        'The ids that a task depends on have at most 64000 characters together',
        'test/engine/dependencies.test.ts',
        'the ids of a list may have 64000 characters together',
      ),
      proven(
        'Command lines and environments have no limit of their own',
        LIMIT,
        'a command line and its environment may be as long as the body of a request',
      ),
      proven(
        'A page of a list has 1000 items at most',
        'test/protocol/lists.test.ts',
        'maxresults=%s is refused',
      ),
      proven(
        'Every list takes 1000 items and a timeout of 30 seconds',
        'test/protocol/lists.test.ts',
        'maxresults=1000 and timeout are taken by every list',
      ),
      differs(
        'A page of node counts has 10 pools unless it is said',
        '`GET /nodecounts` has up to 1000 pools',
      ),
      proven(
        'There is no quota of tasks in one job',
        'test/engine/task-life.test.ts',
        'thousands of tasks that are too old are ended in several steps',
      ),
      proven('At most 100 nodes are removed at once', LIMIT, 'at most 100 nodes are removed at once'),
      proven(
        'A node has at most four slots for each core',
        LIMIT,
        'a node of the size %s has at most %i slots',
      ),
      proven('A node has at most 256 slots', LIMIT, 'a size of unknown cores may have any slots up to 256'),
      proven(
        'A pool refers to at most ten packages',
        'test/engine/applications.test.ts',
        'a pool can refer to ten packages',
      ),
      differs('An account has at most 20 applications of 40 packages each', 'zip files in a folder'),
    ],
    Times: [
      proven(
        'A resize takes at least 5 minutes before it is given up, 15 unless it is said',
        LIMIT,
        'a resize may take 5 minutes or more, 15 unless it is said',
      ),
      proven(
        'The window and the recurrence of a job schedule are at least a minute',
        'test/protocol/job-schedules.test.ts',
        'a body such as %j is answered with 400 %s for %s',
      ),
      proven(
        'A release task has at most 15 minutes, which are its default',
        'test/protocol/job-tasks.test.ts',
        '%s is refused',
      ),
      proven(
        'The files of a task are kept for 7 days unless it is said',
        'test/engine/retention.test.ts',
        'files go when their retention time is over, 7 days unless the task says otherwise',
      ),
    ],
    Quotas: [
      proven(
        'One pool more than the quota is 409 PoolQuotaReached',
        QUOTAS,
        'there are no more pools than the quota allows; one that is being deleted counts until it is gone',
      ),
      proven(
        'One job or job schedule more than their quota is 409; those that are not completed count',
        QUOTAS,
        'jobs and job schedules that are not completed share one quota',
      ),
      proven(
        'The quota of cores is an error of the resize, the pool itself is taken',
        QUOTAS,
        'of the nodes of a pool as many come as the quota of cores allows',
      ),
      proven(
        'A pool whose nodes may talk to each other has at most 100 of them',
        QUOTAS,
        'a pool whose nodes talk to each other has at most 100 of them',
      ),
      differs('An account has default quotas by its region', 'none, or those of `--quota`'),
    ],
    'Ports of nodes': [
      proven(
        'A pool has at most 5 pools of ports, whose names have at most 77 characters; a mistake among them is 400',
        PORTS,
        'a pool of nodes is refused with %s among its ports',
      ),
      proven('Names and backend ports of pools of ports differ', PORTS, 'names and backend ports differ'),
      proven(
        'A range has at least 40 frontend ports and shares none with another',
        PORTS,
        'a range has at least 40 frontend ports, and ranges do not overlap',
      ),
      proven(
        'No frontend port is from 50000 to 55000',
        PORTS,
        'the service keeps the ports from 50000 to 55000 for itself: %i to %i',
      ),
      proven(
        'Frontend ports go from 1 to 65534, and no backend port is 22, 3389, 29876 or 29877',
        PORTS,
        'a pool of nodes is refused with %s among its ports',
      ),
      proven(
        'A pool has at most 25 security rules, with priorities from 150 to 4096 that differ',
        PORTS,
        'all pools together have at most 25 rules, of different priorities',
      ),
      differs('A pool mounts at most ten file systems', '`pool.mountConfiguration`'),
      differs(
        'A pool of a custom image has at most 2,000 dedicated and 1,000 spot nodes',
        'those of the account and its region',
      ),
    ],
    'Supported images': [
      proven(
        'An image is answered with its reference, its agent and what it runs',
        'test/protocol/nodes.test.ts',
        'supported images name a reference and its agent',
      ),
      proven(
        'Images tell whether they are verified, what they can and when their support ends',
        LIMIT,
        'an image says whether it is verified, can have containers and until when it is supported',
      ),
      proven(
        'A client that looks for a publisher, an offer and the beginning of a sku finds an agent, for old images too',
        LIMIT,
        'the first verified image of a publisher, an offer and the beginning of a sku has an agent',
      ),
      differs('There are images of Windows', 'Windows images'),
      proven(
        'A pool whose image and agent do not belong together is refused',
        LIMIT,
        'an image that is offered goes with its own agent only',
      ),
    ],
    Errors: [
      proven(
        'A bad property is InvalidPropertyValue with its name, its value and a reason',
        VALUES,
        WRONG_VALUE,
      ),
    ],
  },
}
