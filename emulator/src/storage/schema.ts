// The tables. Columns hold what is filtered, ordered, scheduled on or changed often; `body` holds the rest as the
// client gave it (validated, defaults filled in). Times are microseconds, flags 0 or 1.

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
    slots integer not null,
    fill text not null,
    createdAt integer not null,
    modifiedAt integer not null,
    body text not null
  ) strict;
  create index poolsInOrder on pools (id collate binary);

  create table nodes (
    key integer primary key,
    id text not null unique,
    pool integer not null references pools (key) on delete cascade,
    state text not null,
    stateAt integer not null,
    enabled integer not null,
    draining text,
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
    free integer generated always as (
      case when state in ('idle', 'running') and enabled and draining is null then slots - usedSlots else 0 end
    ) stored
  ) strict;
  create index nodesOfPool on nodes (pool, id);
  create index nodesWithFreeSlots on nodes (pool, free desc, id) where free > 0;

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
    deadline integer,
    createdAt integer not null,
    modifiedAt integer not null,
    endedAt integer,
    terminateReason text,
    body text not null,
    active integer not null default 0,
    running integer not null default 0,
    succeeded integer not null default 0,
    failed integer not null default 0,
    activeSlots integer not null default 0,
    runningSlots integer not null default 0,
    succeededSlots integer not null default 0,
    failedSlots integer not null default 0
  ) strict;
  create index jobsInOrder on jobs (id collate binary);
  create index jobsWithWork on jobs (poolId, priority desc, key) where state = 'active' and active > 0;
  create index jobsInTransit on jobs (state) where state in ('disabling', 'enabling', 'terminating', 'deleting');
  create index jobsToFinish on jobs (key)
    where state = 'active' and onAllComplete = 'terminatejob' and active = 0 and running = 0;
  create index jobsWithDeadline on jobs (deadline) where deadline is not null;

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
    maxRetries integer not null,
    affinity text,
    run integer,
    nodeId text,
    poolId text,
    startedAt integer,
    endedAt integer,
    exitCode integer,
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
  create index tasksWaiting on tasks (job, queue) where state = 'active';
  create index tasksByState on tasks (job, state, result, id collate binary);
  create index tasksByRun on tasks (run) where run is not null;
  create index tasksOfNode on tasks (nodeId, startedAt) where nodeId is not null;

  -- A job's counts are columns of its row, so that reading them costs the same for ten tasks and for a million.
  create trigger taskAdded after insert on tasks begin
    update jobs set active = active + 1, activeSlots = activeSlots + new.slots where key = new.job;
  end;
  create trigger taskMoved after update on tasks when old.bucket is not new.bucket begin
    update jobs set
      active = active + (new.bucket = 'active') - (old.bucket = 'active'),
      running = running + (new.bucket = 'running') - (old.bucket = 'running'),
      succeeded = succeeded + (new.bucket = 'success') - (old.bucket = 'success'),
      failed = failed + (new.bucket = 'failure') - (old.bucket = 'failure'),
      activeSlots = activeSlots + ((new.bucket = 'active') - (old.bucket = 'active')) * new.slots,
      runningSlots = runningSlots + ((new.bucket = 'running') - (old.bucket = 'running')) * new.slots,
      succeededSlots = succeededSlots + ((new.bucket = 'success') - (old.bucket = 'success')) * new.slots,
      failedSlots = failedSlots + ((new.bucket = 'failure') - (old.bucket = 'failure')) * new.slots
    where key = new.job;
  end;
  create trigger taskDeleted after delete on tasks begin
    update jobs set
      active = active - (old.bucket = 'active'),
      running = running - (old.bucket = 'running'),
      succeeded = succeeded - (old.bucket = 'success'),
      failed = failed - (old.bucket = 'failure'),
      activeSlots = activeSlots - (old.bucket = 'active') * old.slots,
      runningSlots = runningSlots - (old.bucket = 'running') * old.slots,
      succeededSlots = succeededSlots - (old.bucket = 'success') * old.slots,
      failedSlots = failedSlots - (old.bucket = 'failure') * old.slots
    where key = old.job;
  end;

  -- Tries whose task has moved on (terminated, requeued, deleted) while the process was still there: they hold their
  -- slots on the node until the process is gone.
  create table endings (
    run integer primary key,
    job integer not null,
    nodeId text not null,
    slots integer not null,
    directory text
  ) strict;
  create index endingsOfJob on endings (job);
  `,
] as const
