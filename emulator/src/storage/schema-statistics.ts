// The tables of what is remembered of nodes, tasks and jobs that are gone; a part of the schema.

/** After the tables of tasks and jobs. */
export const STATISTICS = `
  -- The time of nodes that are gone. Pools come and go under one id, so it refers to no row.
  create table usage (
    key integer primary key,
    poolId text not null collate nocase,
    vmSize text not null,
    dedicated integer not null,
    startAt integer not null,
    endAt integer not null
  ) strict;
  create index usageByEnd on usage (endAt);
  create index usageOfPool on usage (poolId, startAt);

  -- Sums over tasks that were deleted, and when the first job was made: one row.
  create table forgotten (
    key integer primary key check (key = 1),
    started integer not null default 0,
    wallClock integer not null default 0,
    wait integer not null default 0,
    retries integer not null default 0,
    succeeded integer not null default 0,
    failed integer not null default 0,
    firstJobAt integer
  ) strict;
  insert into forgotten (key) values (1);
  create trigger taskForgotten after delete on tasks when old.startedAt is not null begin
    update forgotten set
      started = started + 1,
      wallClock = wallClock + coalesce(old.endedAt - old.startedAt, 0),
      wait = wait + old.startedAt - old.createdAt,
      retries = retries + old.retries,
      succeeded = succeeded + (old.result is 'success'),
      failed = failed + (old.result is 'failure');
  end;
  create trigger jobForgotten after delete on jobs begin
    update forgotten set firstJobAt = min(coalesce(firstJobAt, old.createdAt), old.createdAt);
  end;
`
