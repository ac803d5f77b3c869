// The tables. Columns hold what is filtered, ordered, scheduled on or changed often; `body` holds the rest as the
// client gave it (validated, defaults filled in). Times are microseconds, flags 0 or 1.

import { COUNTS } from './schema-counts.ts'
import { STATISTICS } from './schema-statistics.ts'

/** One entry per schema version; an entry never changes once it was released. */
export const MIGRATIONS = [
  `
  create table pools (
    key integer primary key,
    id text not null collate nocase unique,
    state text not null,
    stateAt integer not null,
    allocationState text not null,
    allocationAt integer not null,
    targetDedicated integer not null,
    targetLowPriority integer not null,
    resize integer not null,
    allocating integer not null,
    deallocation text not null,
    resizeErrors text,
    deadline integer,
    slots integer not null,
    fill text not null,
    evaluateAt integer,
    autoScaleEnabledAt integer,
    autoScaleRun text,
    createdAt integer not null,
    modifiedAt integer not null,
    body text not null
  ) strict;
  create index poolsInOrder on pools (id collate binary);
  create index poolsInTransit on pools (key) where state = 'deleting' or allocationState <> 'steady';
  create index poolsWithDeadline on pools (deadline) where deadline is not null;
  create index poolsToEvaluate on pools (evaluateAt) where evaluateAt is not null;

  create table nodes (
    key integer primary key,
    id text not null unique,
    pool integer not null references pools (key) on delete cascade,
    state text not null,
    stateAt integer not null,
    enabled integer not null,
    draining text,
    retain integer not null,
    dueAt integer,
    stopped integer not null,
    blank integer not null,
    dedicated integer not null,
    ipAddress text not null,
    allocatedAt integer not null,
    bootedAt integer,
    boot integer not null,
    slots integer not null,
    usedSlots integer not null,
    runningTasks integer not null,
    totalRun integer not null,
    totalSucceeded integer not null,
    startTask text,
    startRun integer,
    startInfo text,
    errors text,
    packages text,
    exclusive integer not null default 0,
    free integer generated always as (
      case when state in ('idle', 'running') and enabled and draining is null and not (exclusive and usedSlots > 0)
      then slots - usedSlots else 0 end
    ) stored
  ) strict;
  create index nodesOfPool on nodes (pool, id);
  create index nodesWithFreeSlots on nodes (pool, free desc, id) where free > 0;
  create index nodesLeaving on nodes (pool) where state = 'leavingpool' or draining = 'left';
  create index nodesDue on nodes (dueAt) where dueAt is not null;

  -- How the nodes are called that are there, or that tasks were on which are there. Tasks have their keys: an id has 70
  -- characters, and a large job would have it in each row and in an index (596 bytes for a task that is done; 310 with the
  -- keys and short bodies).
  create table nodeNames (
    key integer primary key,
    nodeId text not null unique,
    poolId text not null,
    gone integer not null default 0
  ) strict;
  create index nodeNamesGone on nodeNames (key) where gone;

  create table nodeUsers (
    node integer not null references nodes (key) on delete cascade,
    name text not null collate nocase,
    isAdmin integer not null,
    expiresAt integer not null,
    primary key (node, name)
  ) strict, without rowid;

  create table jobs (
    key integer primary key,
    id text not null collate nocase unique,
    state text not null,
    stateAt integer not null,
    previousState text,
    previousAt integer,
    poolId text not null collate nocase,
    priority integer not null,
    maxParallel integer not null,
    onAllComplete text not null,
    onTaskFailure text not null,
    usesDependencies integer not null,
    preemptible integer not null,
    deadline integer,
    createdAt integer not null,
    modifiedAt integer not null,
    endedAt integer,
    terminateReason text,
    disableTasks text,
    managerId text collate nocase,
    preparationId text collate nocase,
    releaseId text collate nocase,
    body text not null,
    schedule integer,
    schedulingError text,
    formerPools text,
    -- The service lists the jobs that schedules have made after all others.
    place text generated always as (iif(schedule is null, '0', '1') || id) virtual,
    active integer not null default 0,
    ready integer not null default 0,
    mixed integer not null default 0,
    -- None of its tasks, those that are gone included, needs less slots of a node.
    least integer not null default 1000000,
    running integer not null default 0,
    succeeded integer not null default 0,
    failed integer not null default 0,
    activeSlots integer not null default 0,
    runningSlots integer not null default 0,
    succeededSlots integer not null default 0,
    failedSlots integer not null default 0,
    -- Processes whose end it waits for.
    ending integer not null default 0,
    -- The latest time of its tasks.
    touchedAt integer not null default 0,
    -- Sums over its tasks; real, because they may outgrow what an integer of JavaScript can tell.
    started integer not null default 0,
    unended integer not null default 0,
    unendedSince real not null default 0,
    wallClock real not null default 0,
    waited real not null default 0,
    retries integer not null default 0
  ) strict;
  create index jobsInOrder on jobs (place);
  create index jobsOfSchedule on jobs (schedule, place) where schedule is not null;
  create index jobsOfScheduleOpen on jobs (schedule) where schedule is not null and state <> 'completed';
  create index jobsWithWork on jobs (poolId, priority desc, key, least)
    where state = 'active' and ready > 0 and (maxParallel = -1 or running < maxParallel);
  create index jobsOfPool on jobs (poolId);
  create index jobsPreemptible on jobs (poolId, priority) where preemptible and running > 0;
  create index jobsWithManager on jobs (poolId) where managerId is not null;
  create index jobsToSettle on jobs (key)
    where state in ('disabling', 'enabling', 'terminating', 'deleting')
      and (state = 'enabling' or running = 0 and ending = 0 or running > 0 and (state <> 'disabling' or disableTasks is not null));
  create index jobsToFinish on jobs (key)
    where state = 'active' and onAllComplete = 'terminatejob' and active = 0 and running = 0;
  create index jobsWithDeadline on jobs (deadline)
    where deadline is not null and state not in ('terminating', 'completed', 'deleting');

  create table tasks (
    key integer primary key,
    job integer not null references jobs (key),
    id text not null collate nocase,
    state text not null,
    stateAt integer not null,
    previousState text,
    previousAt integer,
    queue integer not null,
    slots integer not null,
    nodes integer not null,
    blocked integer not null,
    maxRetries integer not null,
    retention integer not null,
    affinity text,
    run integer,
    node integer,
    startedAt integer,
    endedAt integer,
    exitCode integer,
    container text,
    result text,
    failure text,
    retries integer not null,
    retriedAt integer,
    requeues integer not null,
    requeuedAt integer,
    createdAt integer not null,
    modifiedAt integer not null,
    body text not null,
    bucket text generated always as (
      case state when 'active' then 'active' when 'completed' then result else 'running' end
    ) virtual,
    unique (job, id)
  ) strict;
  create index tasksInOrder on tasks (job, id collate binary);
  create index tasksWaiting on tasks (job, nodes, slots, queue) where state = 'active' and blocked = 0;
  -- The id before the result: tasks of one state are read in the order of their list, without sorting all of them.
  create index tasksByState on tasks (job, state, id collate binary, result);
  create index tasksByRun on tasks (run) where run is not null;
  create index tasksOfNode on tasks (node, startedAt) where node is not null;
  create index tasksOnNode on tasks (node) where state in ('preparing', 'running');
  create view namedTasks as
    select tasks.*, nodeId, poolId from tasks left join nodeNames on nodeNames.key = tasks.node;
  create trigger nodeGone after delete on nodes begin
    update nodeNames set gone = 1 where key = old.key;
    delete from nodeNames where key = old.key and not exists (select 1 from tasks where node = old.key);
  end;
  create trigger nodesForgotten after delete on jobs begin
    delete from nodeNames where gone and not exists (select 1 from tasks where node = nodeNames.key);
  end;

  ${COUNTS}

  -- Tries whose task has moved on (terminated, requeued, deleted) while the process was still there: they hold their
  -- slots on the node until the process is gone, and so long the task, or another one of its id, does not run again.
  create table endings (
    run integer primary key,
    job integer not null,
    task integer references tasks (key) on delete set null,
    nodeId text not null,
    slots integer not null,
    directory text
  ) strict;
  create index endingsOfJob on endings (job);
  create index endingsOfTask on endings (task);
  create index endingsOfNode on endings (nodeId);
  create index endingsOfDirectory on endings (directory) where directory is not null;
  create trigger endingAdded after insert on endings begin
    update tasks set blocked = blocked + 1 where key = new.task;
    update jobs set ending = ending + 1 where key = new.job;
  end;
  create trigger endingDisowned after update of job on endings when new.job <> old.job begin
    update jobs set ending = ending - 1 where key = old.job;
  end;
  create trigger endingAdopted after update of task on endings when new.task is not null begin
    update tasks set blocked = blocked + 1 where key = new.task;
  end;
  create trigger endingOver after delete on endings begin
    update tasks set blocked = blocked - 1 where key = old.task;
    update jobs set ending = ending - 1 where key = old.job;
  end;

  -- Completed tasks in the order in which their files are to go. A row may be out of date: the task tells.
  create table retained (
    due integer not null,
    task integer not null,
    primary key (due, task)
  ) strict, without rowid;

  -- What tasks still wait for: the ids of other tasks, and ranges of them as 'first..last' (no id looks like that).
  create table dependencies (
    job integer not null references jobs (key) on delete cascade,
    parent text not null collate nocase,
    task integer not null references tasks (key) on delete cascade,
    primary key (job, parent, task)
  ) strict, without rowid;
  create index dependenciesOfTask on dependencies (task);

  -- Tasks that let many others go, which takes several changes: those that still wait have their rows above.
  create table releases (
    job integer not null references jobs (key) on delete cascade,
    parent text not null collate nocase,
    primary key (job, parent)
  ) strict, without rowid;

  -- Each range that is waited for.
  create table dependencyRanges (
    job integer not null references jobs (key) on delete cascade,
    first integer not null,
    last integer not null
  ) strict;
  create unique index dependencyRangesByFirst on dependencyRanges (job, first, last);
  create index dependencyRangesByLast on dependencyRanges (job, last, first);

  -- Tasks that let those that depend on them go, in jobs that use dependencies; it outlives their deletion.
  create table satisfied (
    job integer not null references jobs (key) on delete cascade,
    id text not null collate nocase,
    number integer,
    primary key (job, id)
  ) strict, without rowid;
  create index satisfiedByNumber on satisfied (job, number) where number is not null;

  -- Their numbers, as runs without a gap.
  create table numberRuns (
    job integer not null references jobs (key) on delete cascade,
    first integer not null,
    last integer not null,
    primary key (job, first)
  ) strict, without rowid;

  -- One row for each node of a multi-instance task.
  create table instances (
    task integer not null references tasks (key) on delete cascade,
    id integer not null,
    run integer,
    holds integer not null,
    nodeId text not null,
    poolId text not null,
    state text not null,
    startedAt integer not null,
    endedAt integer,
    exitCode integer,
    container text,
    result text,
    failure text,
    primary key (task, id)
  ) strict, without rowid;
  create index instancesByRun on instances (run) where run is not null;
  create index instancesOfNode on instances (nodeId);

  -- Job schedules; their jobs name them by key.
  create table jobSchedules (
    key integer primary key,
    id text not null collate nocase unique,
    state text not null,
    stateAt integer not null,
    previousState text,
    previousAt integer,
    createdAt integer not null,
    modifiedAt integer not null,
    endedAt integer,
    lastDue integer,
    nextRun integer,
    wakeAt integer,
    runs integer not null,
    autoPoolId text,
    body text not null
  ) strict;
  create index jobSchedulesInOrder on jobSchedules (id collate binary);
  create index jobSchedulesAwake on jobSchedules (wakeAt) where wakeAt is not null;

  -- Nodes that were prepared for a job: what became of its preparation and its release task there. The job's status
  -- lists nodes that are long gone, so 'id' (of the node) refers to no row.
  create table jobNodes (
    key integer primary key,
    job integer not null references jobs (key) on delete cascade,
    id text not null,
    poolId text not null,
    preparation text not null,
    releasing text not null,
    run integer,
    prepared text not null,
    released text,
    preparedUntil integer,
    releasedUntil integer,
    unique (job, id)
  ) strict;
  create index jobNodesOfNode on jobNodes (id);
  create index jobNodesByRun on jobNodes (run) where run is not null;
  create index jobNodesByState on jobNodes (job, preparation);
  create index jobNodesPrepared on jobNodes (preparedUntil) where preparedUntil is not null;
  create index jobNodesReleased on jobNodes (releasedUntil) where releasedUntil is not null;

  create table certificates (
    key integer primary key,
    id text not null unique,
    thumbprint text not null,
    algorithm text not null,
    state text not null,
    stateAt integer not null,
    previousState text,
    previousAt integer,
    publicData text,
    deleteError text
  ) strict;

  ${STATISTICS}

  -- When each job is to be looked at for tasks that are too old.
  create table lifetimes (
    job integer primary key references jobs (key) on delete cascade,
    due integer not null
  ) strict;
  create index lifetimesByDue on lifetimes (due);

  -- Allocations that fail because somebody wants to see it. Their pools need not exist yet.
  create table allocationFailures (
    poolId text not null collate nocase primary key,
    code text not null,
    nodes integer not null,
    times integer not null
  ) strict, without rowid;

  -- What counts against the quota of active jobs.
  create index jobsOpen on jobs (key) where state <> 'completed';
  `,
] as const
