// The triggers that keep the counts and sums of a job's tasks in its row; a part of the schema.

/** After the tables of tasks and jobs. */
export const COUNTS = `
  -- A job's counts are columns of its row, so that reading them costs the same for ten tasks and for a million.
  create trigger taskAdded after insert on tasks begin
    update jobs set
      active = active + 1,
      activeSlots = activeSlots + new.slots,
      ready = ready + (new.blocked = 0),
      mixed = mixed or new.slots > 1 or new.nodes > 0,
      least = min(least, new.slots),
      touchedAt = max(touchedAt, new.queue)
    where key = new.job;
  end;
  create trigger taskMoved after update on tasks
  when old.bucket is not new.bucket or old.startedAt is not new.startedAt begin
    update jobs set
      active = active + (new.bucket = 'active') - (old.bucket = 'active'),
      ready = ready + (new.bucket = 'active' and new.blocked = 0) - (old.bucket = 'active' and old.blocked = 0),
      running = running + (new.bucket = 'running') - (old.bucket = 'running'),
      succeeded = succeeded + (new.bucket = 'success') - (old.bucket = 'success'),
      failed = failed + (new.bucket = 'failure') - (old.bucket = 'failure'),
      activeSlots = activeSlots + ((new.bucket = 'active') - (old.bucket = 'active')) * new.slots,
      runningSlots = runningSlots + ((new.bucket = 'running') - (old.bucket = 'running')) * new.slots,
      succeededSlots = succeededSlots + ((new.bucket = 'success') - (old.bucket = 'success')) * new.slots,
      failedSlots = failedSlots + ((new.bucket = 'failure') - (old.bucket = 'failure')) * new.slots,
      touchedAt = max(touchedAt, new.stateAt, new.queue),
      started = started + (new.startedAt is not null) - (old.startedAt is not null),
      unended = unended + (new.endedAt is null and new.startedAt is not null)
        - (old.endedAt is null and old.startedAt is not null),
      unendedSince = unendedSince + iif(new.endedAt is null and new.startedAt is not null, new.startedAt - createdAt, 0)
        - iif(old.endedAt is null and old.startedAt is not null, old.startedAt - createdAt, 0),
      wallClock = wallClock + coalesce(new.endedAt - new.startedAt, 0) - coalesce(old.endedAt - old.startedAt, 0),
      waited = waited + coalesce(new.startedAt - new.createdAt, 0) - coalesce(old.startedAt - old.createdAt, 0),
      retries = retries + new.retries - old.retries
    where key = new.job;
  end;
  create trigger taskTouched after update of modifiedAt on tasks when old.modifiedAt <> new.modifiedAt begin
    update jobs set touchedAt = max(touchedAt, new.modifiedAt) where key = new.job;
  end;
  create trigger taskUnblocked after update of blocked on tasks
  when old.bucket = 'active' and (old.blocked = 0) <> (new.blocked = 0) begin
    update jobs set ready = ready + (new.blocked = 0) - (old.blocked = 0) where key = new.job;
  end;
  create trigger taskDeleted after delete on tasks begin
    update jobs set
      active = active - (old.bucket = 'active'),
      ready = ready - (old.bucket = 'active' and old.blocked = 0),
      running = running - (old.bucket = 'running'),
      succeeded = succeeded - (old.bucket = 'success'),
      failed = failed - (old.bucket = 'failure'),
      activeSlots = activeSlots - (old.bucket = 'active') * old.slots,
      runningSlots = runningSlots - (old.bucket = 'running') * old.slots,
      succeededSlots = succeededSlots - (old.bucket = 'success') * old.slots,
      failedSlots = failedSlots - (old.bucket = 'failure') * old.slots,
      started = started - (old.startedAt is not null),
      unended = unended - (old.endedAt is null and old.startedAt is not null),
      unendedSince = unendedSince - iif(old.endedAt is null and old.startedAt is not null, old.startedAt - createdAt, 0),
      wallClock = wallClock - coalesce(old.endedAt - old.startedAt, 0),
      waited = waited - coalesce(old.startedAt - old.createdAt, 0),
      retries = retries - old.retries
    where key = old.job;
  end;
`
