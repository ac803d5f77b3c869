pragma user_version = 2;
CREATE TABLE pools (
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
CREATE TABLE nodes (
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
CREATE TABLE nodeNames (
    key integer primary key,
    nodeId text not null unique,
    poolId text not null,
    gone integer not null default 0
  ) strict;
CREATE TABLE nodeUsers (
    node integer not null references nodes (key) on delete cascade,
    name text not null collate nocase,
    isAdmin integer not null,
    expiresAt integer not null,
    primary key (node, name)
  ) strict, without rowid;
CREATE TABLE jobs (
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
CREATE TABLE tasks (
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
CREATE TABLE endings (
    run integer primary key,
    job integer not null,
    task integer references tasks (key) on delete set null,
    nodeId text not null,
    slots integer not null,
    directory text
  ) strict;
CREATE TABLE retained (
    due integer not null,
    task integer not null,
    primary key (due, task)
  ) strict, without rowid;
CREATE TABLE dependencies (
    job integer not null references jobs (key) on delete cascade,
    parent text not null collate nocase,
    task integer not null references tasks (key) on delete cascade,
    primary key (job, parent, task)
  ) strict, without rowid;
CREATE TABLE releases (
    job integer not null references jobs (key) on delete cascade,
    parent text not null collate nocase,
    primary key (job, parent)
  ) strict, without rowid;
CREATE TABLE dependencyRanges (
    job integer not null references jobs (key) on delete cascade,
    first integer not null,
    last integer not null
  ) strict;
CREATE TABLE satisfied (
    job integer not null references jobs (key) on delete cascade,
    id text not null collate nocase,
    number integer,
    primary key (job, id)
  ) strict, without rowid;
CREATE TABLE numberRuns (
    job integer not null references jobs (key) on delete cascade,
    first integer not null,
    last integer not null,
    primary key (job, first)
  ) strict, without rowid;
CREATE TABLE instances (
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
CREATE TABLE jobSchedules (
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
CREATE TABLE jobNodes (
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
CREATE TABLE certificates (
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
CREATE TABLE usage (
    key integer primary key,
    poolId text not null collate nocase,
    vmSize text not null,
    dedicated integer not null,
    startAt integer not null,
    endAt integer not null
  ) strict;
CREATE TABLE forgotten (
    key integer primary key check (key = 1),
    started integer not null default 0,
    wallClock integer not null default 0,
    wait integer not null default 0,
    retries integer not null default 0,
    succeeded integer not null default 0,
    failed integer not null default 0,
    firstJobAt integer
  ) strict;
CREATE TABLE lifetimes (
    job integer primary key references jobs (key) on delete cascade,
    due integer not null
  ) strict;
CREATE TABLE allocationFailures (
    poolId text not null collate nocase primary key,
    code text not null,
    nodes integer not null,
    times integer not null
  ) strict, without rowid;
insert into "pools" ("key", "id", "state", "stateAt", "allocationState", "allocationAt", "targetDedicated", "targetLowPriority", "resize", "allocating", "deallocation", "resizeErrors", "deadline", "slots", "fill", "evaluateAt", "autoScaleEnabledAt", "autoScaleRun", "createdAt", "modifiedAt", "body") values (1, 'fixed', 'active', 1767225600000001, 'steady', 1767225600000005, 3, 0, 1767225600000001, 0, 'requeue', null, null, 2, 'spread', null, null, null, 1767225600000001, 1767225600000001, '{"id":"fixed","vmSize":"standard_d2s_v3","resizeTimeout":"PT15M","targetDedicatedNodes":3,"targetLowPriorityNodes":0,"enableAutoScale":false,"enableInterNodeCommunication":false,"startTask":{"commandLine":"prepare","userIdentity":{"autoUser":{"scope":"pool","elevationLevel":"nonadmin"}},"maxTaskRetryCount":0,"waitForSuccess":true},"taskSlotsPerNode":2,"taskSchedulingPolicy":{"nodeFillType":"spread"},"virtualMachineConfiguration":{"imageReference":{"publisher":"canonical","offer":"ubuntu-24_04-lts","sku":"server","version":"latest"},"nodeAgentSKUId":"batch.node.ubuntu 24.04"}}');
insert into "pools" ("key", "id", "state", "stateAt", "allocationState", "allocationAt", "targetDedicated", "targetLowPriority", "resize", "allocating", "deallocation", "resizeErrors", "deadline", "slots", "fill", "evaluateAt", "autoScaleEnabledAt", "autoScaleRun", "createdAt", "modifiedAt", "body") values (2, 'spot', 'active', 1767225600000002, 'steady', 1767225600000012, 0, 2, 1767225600000002, 0, 'requeue', null, null, 1, 'spread', null, null, null, 1767225600000002, 1767225600000002, '{"id":"spot","vmSize":"standard_d2s_v3","resizeTimeout":"PT15M","targetDedicatedNodes":0,"targetLowPriorityNodes":2,"enableAutoScale":false,"enableInterNodeCommunication":false,"metadata":[{"name":"a","value":"b"}],"taskSlotsPerNode":1,"taskSchedulingPolicy":{"nodeFillType":"spread"},"virtualMachineConfiguration":{"imageReference":{"publisher":"canonical","offer":"ubuntu-24_04-lts","sku":"server","version":"latest"},"nodeAgentSKUId":"batch.node.ubuntu 24.04"}}');
insert into "pools" ("key", "id", "state", "stateAt", "allocationState", "allocationAt", "targetDedicated", "targetLowPriority", "resize", "allocating", "deallocation", "resizeErrors", "deadline", "slots", "fill", "evaluateAt", "autoScaleEnabledAt", "autoScaleRun", "createdAt", "modifiedAt", "body") values (3, 'scaled', 'active', 1767225600000003, 'steady', 1767225600000017, 1, 0, 1767225600000003, 0, 'requeue', null, null, 1, 'spread', 1767226500000003, null, '{"timestamp":"2026-01-01T00:00:00.000003Z","results":"$TargetDedicatedNodes=1;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue"}', 1767225600000003, 1767225600000003, '{"id":"scaled","vmSize":"standard_d2s_v3","resizeTimeout":"PT15M","targetDedicatedNodes":0,"targetLowPriorityNodes":0,"enableAutoScale":true,"autoScaleFormula":"$TargetDedicatedNodes = 1;","autoScaleEvaluationInterval":"PT15M","enableInterNodeCommunication":false,"taskSlotsPerNode":1,"taskSchedulingPolicy":{"nodeFillType":"spread"},"virtualMachineConfiguration":{"imageReference":{"publisher":"canonical","offer":"ubuntu-24_04-lts","sku":"server","version":"latest"},"nodeAgentSKUId":"batch.node.ubuntu 24.04"}}');
insert into "nodes" ("key", "id", "pool", "state", "stateAt", "enabled", "draining", "retain", "dueAt", "stopped", "blank", "dedicated", "ipAddress", "allocatedAt", "bootedAt", "boot", "slots", "usedSlots", "runningTasks", "totalRun", "totalSucceeded", "startTask", "startRun", "startInfo", "errors", "packages", "exclusive") values (1, 'tvmps_0000000000000000000000000000000000000000000000000000000000000001_d', 1, 'running', 1767225610000005, 1, null, 0, null, 0, 0, 1, '10.0.0.4', 1767225600000005, 1767225600000026, 1767225600000007, 2, 2, 2, 1, 1, '{"commandLine":"prepare","userIdentity":{"autoUser":{"scope":"pool","elevationLevel":"nonadmin"}},"maxTaskRetryCount":0,"waitForSuccess":true}', null, '{"state":"completed","startTime":"2026-01-01T00:00:00.000026Z","endTime":"2026-01-01T00:00:03Z","exitCode":0,"retryCount":0,"result":"success"}', null, null, 0);
insert into "nodes" ("key", "id", "pool", "state", "stateAt", "enabled", "draining", "retain", "dueAt", "stopped", "blank", "dedicated", "ipAddress", "allocatedAt", "bootedAt", "boot", "slots", "usedSlots", "runningTasks", "totalRun", "totalSucceeded", "startTask", "startRun", "startInfo", "errors", "packages", "exclusive") values (2, 'tvmps_0000000000000000000000000000000000000000000000000000000000000002_d', 1, 'running', 1767225610000005, 1, null, 0, null, 0, 0, 1, '10.0.0.5', 1767225600000005, 1767225600000028, 1767225600000009, 2, 2, 2, 2, 1, '{"commandLine":"prepare","userIdentity":{"autoUser":{"scope":"pool","elevationLevel":"nonadmin"}},"maxTaskRetryCount":0,"waitForSuccess":true}', null, '{"state":"completed","startTime":"2026-01-01T00:00:00.000028Z","endTime":"2026-01-01T00:00:03.000001Z","exitCode":0,"retryCount":0,"result":"success"}', null, null, 0);
insert into "nodes" ("key", "id", "pool", "state", "stateAt", "enabled", "draining", "retain", "dueAt", "stopped", "blank", "dedicated", "ipAddress", "allocatedAt", "bootedAt", "boot", "slots", "usedSlots", "runningTasks", "totalRun", "totalSucceeded", "startTask", "startRun", "startInfo", "errors", "packages", "exclusive") values (3, 'tvmps_0000000000000000000000000000000000000000000000000000000000000003_d', 1, 'running', 1767225609000002, 1, null, 0, null, 0, 0, 1, '10.0.0.6', 1767225600000005, 1767225600000030, 1767225600000011, 2, 2, 2, 1, 1, '{"commandLine":"prepare","userIdentity":{"autoUser":{"scope":"pool","elevationLevel":"nonadmin"}},"maxTaskRetryCount":0,"waitForSuccess":true}', null, '{"state":"completed","startTime":"2026-01-01T00:00:00.00003Z","endTime":"2026-01-01T00:00:03.000002Z","exitCode":0,"retryCount":0,"result":"success"}', null, null, 0);
insert into "nodes" ("key", "id", "pool", "state", "stateAt", "enabled", "draining", "retain", "dueAt", "stopped", "blank", "dedicated", "ipAddress", "allocatedAt", "bootedAt", "boot", "slots", "usedSlots", "runningTasks", "totalRun", "totalSucceeded", "startTask", "startRun", "startInfo", "errors", "packages", "exclusive") values (4, 'tvmps_0000000000000000000000000000000000000000000000000000000000000004_p', 2, 'idle', 1767225604000000, 1, null, 0, null, 0, 0, 0, '10.0.0.4', 1767225600000012, 1767225600000032, 1767225600000014, 1, 0, 0, 1, 1, null, null, null, null, null, 0);
insert into "nodes" ("key", "id", "pool", "state", "stateAt", "enabled", "draining", "retain", "dueAt", "stopped", "blank", "dedicated", "ipAddress", "allocatedAt", "bootedAt", "boot", "slots", "usedSlots", "runningTasks", "totalRun", "totalSucceeded", "startTask", "startRun", "startInfo", "errors", "packages", "exclusive") values (5, 'tvmps_0000000000000000000000000000000000000000000000000000000000000005_p', 2, 'idle', 1767225604000001, 1, null, 0, null, 0, 0, 0, '10.0.0.5', 1767225600000012, 1767225600000033, 1767225600000016, 1, 0, 0, 1, 0, null, null, null, null, null, 0);
insert into "nodes" ("key", "id", "pool", "state", "stateAt", "enabled", "draining", "retain", "dueAt", "stopped", "blank", "dedicated", "ipAddress", "allocatedAt", "bootedAt", "boot", "slots", "usedSlots", "runningTasks", "totalRun", "totalSucceeded", "startTask", "startRun", "startInfo", "errors", "packages", "exclusive") values (6, 'tvmps_0000000000000000000000000000000000000000000000000000000000000006_d', 3, 'idle', 1767225600000034, 1, null, 0, null, 0, 0, 1, '10.0.0.4', 1767225600000017, 1767225600000034, 1767225600000019, 1, 0, 0, 0, 0, null, null, null, null, null, 0);
insert into "nodeNames" ("key", "nodeId", "poolId", "gone") values (1, 'tvmps_0000000000000000000000000000000000000000000000000000000000000001_d', 'fixed', 0);
insert into "nodeNames" ("key", "nodeId", "poolId", "gone") values (2, 'tvmps_0000000000000000000000000000000000000000000000000000000000000002_d', 'fixed', 0);
insert into "nodeNames" ("key", "nodeId", "poolId", "gone") values (3, 'tvmps_0000000000000000000000000000000000000000000000000000000000000003_d', 'fixed', 0);
insert into "nodeNames" ("key", "nodeId", "poolId", "gone") values (4, 'tvmps_0000000000000000000000000000000000000000000000000000000000000004_p', 'spot', 0);
insert into "nodeNames" ("key", "nodeId", "poolId", "gone") values (5, 'tvmps_0000000000000000000000000000000000000000000000000000000000000005_p', 'spot', 0);
insert into "nodeNames" ("key", "nodeId", "poolId", "gone") values (6, 'tvmps_0000000000000000000000000000000000000000000000000000000000000006_d', 'scaled', 0);
insert into "nodeUsers" ("node", "name", "isAdmin", "expiresAt") values (1, 'someone', 0, 1767312010000000);
insert into "jobs" ("key", "id", "state", "stateAt", "previousState", "previousAt", "poolId", "priority", "maxParallel", "onAllComplete", "onTaskFailure", "usesDependencies", "preemptible", "deadline", "createdAt", "modifiedAt", "endedAt", "terminateReason", "disableTasks", "managerId", "preparationId", "releaseId", "body", "schedule", "schedulingError", "formerPools", "active", "ready", "mixed", "least", "running", "succeeded", "failed", "activeSlots", "runningSlots", "succeededSlots", "failedSlots", "ending", "touchedAt", "started", "unended", "unendedSince", "wallClock", "waited", "retries") values (1, 'done', 'completed', 1767225610000019, 'active', 1767225601000000, 'spot', 0, -1, 'noaction', 'noaction', 0, 0, null, 1767225601000000, 1767225610000001, 1767225610000019, 'UserTerminate', null, null, null, null, '{"id":"done","priority":0,"maxParallelTasks":-1,"usesTaskDependencies":false,"allowTaskPreemption":false,"constraints":{"maxWallClockTime":"P10675199DT2H48M5.4775807S","maxTaskRetryCount":0},"poolInfo":{"poolId":"spot"},"onAllTasksComplete":"noaction","onTaskFailure":"noaction"}', null, null, null, 0, 0, 0, 1, 0, 1, 1, 0, 0, 1, 1, 0, 1767225604000001, 2, 0, 0, 5999999, 0, 0);
insert into "jobs" ("key", "id", "state", "stateAt", "previousState", "previousAt", "poolId", "priority", "maxParallel", "onAllComplete", "onTaskFailure", "usesDependencies", "preemptible", "deadline", "createdAt", "modifiedAt", "endedAt", "terminateReason", "disableTasks", "managerId", "preparationId", "releaseId", "body", "schedule", "schedulingError", "formerPools", "active", "ready", "mixed", "least", "running", "succeeded", "failed", "activeSlots", "runningSlots", "succeededSlots", "failedSlots", "ending", "touchedAt", "started", "unended", "unendedSince", "wallClock", "waited", "retries") values (2, 'busy', 'active', 1767225606000000, null, null, 'fixed', 10, -1, 'noaction', 'noaction', 0, 0, null, 1767225606000000, 1767225606000000, null, null, null, null, null, null, '{"id":"busy","priority":10,"maxParallelTasks":-1,"usesTaskDependencies":false,"allowTaskPreemption":false,"constraints":{"maxWallClockTime":"P10675199DT2H48M5.4775807S","maxTaskRetryCount":0},"poolInfo":{"poolId":"fixed"},"onAllTasksComplete":"noaction","onTaskFailure":"noaction"}', null, null, null, 2, 2, 1, 1, 6, 1, 1, 2, 6, 2, 1, 0, 1767225612000000, 8, 6, 26000025, 5999999, 1999995, 0);
insert into "jobs" ("key", "id", "state", "stateAt", "previousState", "previousAt", "poolId", "priority", "maxParallel", "onAllComplete", "onTaskFailure", "usesDependencies", "preemptible", "deadline", "createdAt", "modifiedAt", "endedAt", "terminateReason", "disableTasks", "managerId", "preparationId", "releaseId", "body", "schedule", "schedulingError", "formerPools", "active", "ready", "mixed", "least", "running", "succeeded", "failed", "activeSlots", "runningSlots", "succeededSlots", "failedSlots", "ending", "touchedAt", "started", "unended", "unendedSince", "wallClock", "waited", "retries") values (3, 'chained', 'active', 1767225606000006, null, null, 'fixed', 0, -1, 'noaction', 'noaction', 1, 0, null, 1767225606000006, 1767225606000006, null, null, null, null, 'jobpreparation', null, '{"id":"chained","priority":0,"maxParallelTasks":-1,"usesTaskDependencies":true,"allowTaskPreemption":false,"constraints":{"maxWallClockTime":"P10675199DT2H48M5.4775807S","maxTaskRetryCount":0},"jobPreparationTask":{"id":"jobpreparation","commandLine":"prepare","constraints":{"maxWallClockTime":"P10675199DT2H48M5.4775807S","retentionTime":"P7D","maxTaskRetryCount":0},"waitForSuccess":true,"userIdentity":{"autoUser":{"scope":"pool","elevationLevel":"nonadmin"}},"rerunOnNodeRebootAfterSuccess":true},"poolInfo":{"poolId":"fixed"},"onAllTasksComplete":"noaction","onTaskFailure":"noaction"}', null, null, null, 2, 1, 0, 1, 0, 1, 0, 2, 0, 1, 0, 0, 1767225612000000, 1, 0, 0, 2999998, 2999995, 0);
insert into "jobs" ("key", "id", "state", "stateAt", "previousState", "previousAt", "poolId", "priority", "maxParallel", "onAllComplete", "onTaskFailure", "usesDependencies", "preemptible", "deadline", "createdAt", "modifiedAt", "endedAt", "terminateReason", "disableTasks", "managerId", "preparationId", "releaseId", "body", "schedule", "schedulingError", "formerPools", "active", "ready", "mixed", "least", "running", "succeeded", "failed", "activeSlots", "runningSlots", "succeededSlots", "failedSlots", "ending", "touchedAt", "started", "unended", "unendedSince", "wallClock", "waited", "retries") values (4, 'paused', 'disabled', 1767225610000019, 'active', 1767225606000015, 'fixed', 0, -1, 'noaction', 'noaction', 0, 0, null, 1767225606000015, 1767225610000002, null, null, 'requeue', null, null, null, '{"id":"paused","priority":0,"maxParallelTasks":-1,"usesTaskDependencies":false,"allowTaskPreemption":false,"constraints":{"maxWallClockTime":"P10675199DT2H48M5.4775807S","maxTaskRetryCount":0},"poolInfo":{"poolId":"fixed"},"onAllTasksComplete":"noaction","onTaskFailure":"noaction"}', null, null, null, 1, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 0, 1767225610000004, 1, 0, 0, 2999988, 0, 0);
insert into "jobs" ("key", "id", "state", "stateAt", "previousState", "previousAt", "poolId", "priority", "maxParallel", "onAllComplete", "onTaskFailure", "usesDependencies", "preemptible", "deadline", "createdAt", "modifiedAt", "endedAt", "terminateReason", "disableTasks", "managerId", "preparationId", "releaseId", "body", "schedule", "schedulingError", "formerPools", "active", "ready", "mixed", "least", "running", "succeeded", "failed", "activeSlots", "runningSlots", "succeededSlots", "failedSlots", "ending", "touchedAt", "started", "unended", "unendedSince", "wallClock", "waited", "retries") values (5, 'nightly:job-1', 'active', 1767225606000019, null, null, 'fixed', 0, -1, 'noaction', 'noaction', 0, 0, null, 1767225606000019, 1767225606000019, null, null, null, null, null, null, '{"id":"nightly:job-1","priority":0,"maxParallelTasks":-1,"usesTaskDependencies":false,"allowTaskPreemption":false,"constraints":{"maxWallClockTime":"P10675199DT2H48M5.4775807S","maxTaskRetryCount":0},"poolInfo":{"poolId":"fixed"},"onAllTasksComplete":"noaction","onTaskFailure":"noaction"}', 1, null, null, 0, 0, 0, 1000000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
insert into "tasks" ("key", "job", "id", "state", "stateAt", "previousState", "previousAt", "queue", "slots", "nodes", "blocked", "maxRetries", "retention", "affinity", "run", "node", "startedAt", "endedAt", "exitCode", "container", "result", "failure", "retries", "retriedAt", "requeues", "requeuedAt", "createdAt", "modifiedAt", "body") values (1, 1, 'a', 'completed', 1767225604000000, 'running', 1767225601000001, 1767225601000002, 1, 0, 0, 0, 604800000000, null, null, 4, 1767225601000001, 1767225604000000, 0, null, 'success', null, 0, null, 0, null, 1767225601000001, 1767225601000001, '{"commandLine":"work"}');
insert into "tasks" ("key", "job", "id", "state", "stateAt", "previousState", "previousAt", "queue", "slots", "nodes", "blocked", "maxRetries", "retention", "affinity", "run", "node", "startedAt", "endedAt", "exitCode", "container", "result", "failure", "retries", "retriedAt", "requeues", "requeuedAt", "createdAt", "modifiedAt", "body") values (2, 1, 'b', 'completed', 1767225604000001, 'running', 1767225601000001, 1767225601000003, 1, 0, 0, 0, 604800000000, null, null, 5, 1767225601000001, 1767225604000001, 1, null, 'failure', '{"category":"UserError","code":"FailureExitCode","message":"The task exited with an exit code representing a failure","details":[{"name":"Message","value":"The task process exited with an unexpected exit code"},{"name":"AdditionalErrorCode","value":"FailureExitCode"}]}', 0, null, 0, null, 1767225601000001, 1767225601000001, '{"commandLine":"fail"}');
insert into "tasks" ("key", "job", "id", "state", "stateAt", "previousState", "previousAt", "queue", "slots", "nodes", "blocked", "maxRetries", "retention", "affinity", "run", "node", "startedAt", "endedAt", "exitCode", "container", "result", "failure", "retries", "retriedAt", "requeues", "requeuedAt", "createdAt", "modifiedAt", "body") values (3, 2, 'a', 'completed', 1767225609000000, 'running', 1767225606000001, 1767225606000002, 2, 0, 0, 0, 604800000000, null, null, 1, 1767225606000001, 1767225609000000, 0, null, 'success', null, 0, null, 0, null, 1767225606000001, 1767225606000001, '{"commandLine":"work"}');
insert into "tasks" ("key", "job", "id", "state", "stateAt", "previousState", "previousAt", "queue", "slots", "nodes", "blocked", "maxRetries", "retention", "affinity", "run", "node", "startedAt", "endedAt", "exitCode", "container", "result", "failure", "retries", "retriedAt", "requeues", "requeuedAt", "createdAt", "modifiedAt", "body") values (4, 2, 'b', 'completed', 1767225609000001, 'running', 1767225606000001, 1767225606000003, 1, 0, 0, 0, 604800000000, null, null, 2, 1767225606000001, 1767225609000001, 1, null, 'failure', '{"category":"UserError","code":"FailureExitCode","message":"The task exited with an exit code representing a failure","details":[{"name":"Message","value":"The task process exited with an unexpected exit code"},{"name":"AdditionalErrorCode","value":"FailureExitCode"}]}', 0, null, 0, null, 1767225606000001, 1767225606000001, '{"commandLine":"fail"}');
insert into "tasks" ("key", "job", "id", "state", "stateAt", "previousState", "previousAt", "queue", "slots", "nodes", "blocked", "maxRetries", "retention", "affinity", "run", "node", "startedAt", "endedAt", "exitCode", "container", "result", "failure", "retries", "retriedAt", "requeues", "requeuedAt", "createdAt", "modifiedAt", "body") values (5, 3, '1', 'completed', 1767225612000000, 'running', 1767225609000002, 1767225606000008, 1, 0, 0, 0, 604800000000, null, null, 3, 1767225609000002, 1767225612000000, 0, null, 'success', null, 0, null, 0, null, 1767225606000007, 1767225606000007, '{"commandLine":"work"}');
insert into "tasks" ("key", "job", "id", "state", "stateAt", "previousState", "previousAt", "queue", "slots", "nodes", "blocked", "maxRetries", "retention", "affinity", "run", "node", "startedAt", "endedAt", "exitCode", "container", "result", "failure", "retries", "retriedAt", "requeues", "requeuedAt", "createdAt", "modifiedAt", "body") values (6, 3, '2', 'active', 1767225606000011, null, null, 1767225606000012, 1, 0, 0, 0, 604800000000, null, null, null, null, null, null, null, null, null, 0, null, 0, null, 1767225606000011, 1767225606000011, '{"commandLine":"work","dependsOn":{"taskIdRanges":[{"start":1,"end":1}]}}');
insert into "tasks" ("key", "job", "id", "state", "stateAt", "previousState", "previousAt", "queue", "slots", "nodes", "blocked", "maxRetries", "retention", "affinity", "run", "node", "startedAt", "endedAt", "exitCode", "container", "result", "failure", "retries", "retriedAt", "requeues", "requeuedAt", "createdAt", "modifiedAt", "body") values (7, 3, 'after', 'active', 1767225606000013, null, null, 1767225606000014, 1, 0, 1, 0, 604800000000, null, null, null, null, null, null, null, null, null, 0, null, 0, null, 1767225606000013, 1767225606000013, '{"commandLine":"work","dependsOn":{"taskIds":["1","2"]}}');
insert into "tasks" ("key", "job", "id", "state", "stateAt", "previousState", "previousAt", "queue", "slots", "nodes", "blocked", "maxRetries", "retention", "affinity", "run", "node", "startedAt", "endedAt", "exitCode", "container", "result", "failure", "retries", "retriedAt", "requeues", "requeuedAt", "createdAt", "modifiedAt", "body") values (8, 4, 'a', 'completed', 1767225609000004, 'running', 1767225606000016, 1767225606000017, 1, 0, 0, 0, 604800000000, null, null, 2, 1767225606000016, 1767225609000004, 0, null, 'success', null, 0, null, 0, null, 1767225606000016, 1767225606000016, '{"commandLine":"work"}');
insert into "tasks" ("key", "job", "id", "state", "stateAt", "previousState", "previousAt", "queue", "slots", "nodes", "blocked", "maxRetries", "retention", "affinity", "run", "node", "startedAt", "endedAt", "exitCode", "container", "result", "failure", "retries", "retriedAt", "requeues", "requeuedAt", "createdAt", "modifiedAt", "body") values (9, 4, 'b', 'active', 1767225610000003, null, null, 1767225610000004, 1, 0, 0, 0, 604800000000, null, null, null, null, null, null, null, null, null, 0, null, 0, null, 1767225610000003, 1767225610000003, '{"commandLine":"work"}');
insert into "tasks" ("key", "job", "id", "state", "stateAt", "previousState", "previousAt", "queue", "slots", "nodes", "blocked", "maxRetries", "retention", "affinity", "run", "node", "startedAt", "endedAt", "exitCode", "container", "result", "failure", "retries", "retriedAt", "requeues", "requeuedAt", "createdAt", "modifiedAt", "body") values (10, 2, 'c', 'running', 1767225610000005, 'active', 1767225610000005, 1767225610000006, 1, 0, 0, 0, 604800000000, null, 1767225610000014, 1, 1767225610000005, null, null, null, null, null, 0, null, 0, null, 1767225610000005, 1767225610000005, '{"commandLine":"work"}');
insert into "tasks" ("key", "job", "id", "state", "stateAt", "previousState", "previousAt", "queue", "slots", "nodes", "blocked", "maxRetries", "retention", "affinity", "run", "node", "startedAt", "endedAt", "exitCode", "container", "result", "failure", "retries", "retriedAt", "requeues", "requeuedAt", "createdAt", "modifiedAt", "body") values (11, 2, 'd', 'running', 1767225610000005, 'active', 1767225610000005, 1767225610000007, 1, 0, 0, 0, 604800000000, null, 1767225610000015, 2, 1767225610000005, null, null, null, null, null, 0, null, 0, null, 1767225610000005, 1767225610000005, '{"commandLine":"work"}');
insert into "tasks" ("key", "job", "id", "state", "stateAt", "previousState", "previousAt", "queue", "slots", "nodes", "blocked", "maxRetries", "retention", "affinity", "run", "node", "startedAt", "endedAt", "exitCode", "container", "result", "failure", "retries", "retriedAt", "requeues", "requeuedAt", "createdAt", "modifiedAt", "body") values (12, 2, 'e', 'running', 1767225610000005, 'active', 1767225610000005, 1767225610000008, 1, 0, 0, 0, 604800000000, null, 1767225610000016, 1, 1767225610000005, null, null, null, null, null, 0, null, 0, null, 1767225610000005, 1767225610000005, '{"commandLine":"work"}');
insert into "tasks" ("key", "job", "id", "state", "stateAt", "previousState", "previousAt", "queue", "slots", "nodes", "blocked", "maxRetries", "retention", "affinity", "run", "node", "startedAt", "endedAt", "exitCode", "container", "result", "failure", "retries", "retriedAt", "requeues", "requeuedAt", "createdAt", "modifiedAt", "body") values (13, 2, 'f', 'running', 1767225610000005, 'active', 1767225610000005, 1767225610000009, 1, 0, 0, 0, 604800000000, null, 1767225610000017, 2, 1767225610000005, null, null, null, null, null, 0, null, 0, null, 1767225610000005, 1767225610000005, '{"commandLine":"work"}');
insert into "tasks" ("key", "job", "id", "state", "stateAt", "previousState", "previousAt", "queue", "slots", "nodes", "blocked", "maxRetries", "retention", "affinity", "run", "node", "startedAt", "endedAt", "exitCode", "container", "result", "failure", "retries", "retriedAt", "requeues", "requeuedAt", "createdAt", "modifiedAt", "body") values (14, 2, 'g', 'running', 1767225610000005, 'active', 1767225610000005, 1767225610000010, 1, 0, 0, 0, 604800000000, null, 1767225610000018, 3, 1767225610000005, null, null, null, null, null, 0, null, 0, null, 1767225610000005, 1767225610000005, '{"commandLine":"work"}');
insert into "tasks" ("key", "job", "id", "state", "stateAt", "previousState", "previousAt", "queue", "slots", "nodes", "blocked", "maxRetries", "retention", "affinity", "run", "node", "startedAt", "endedAt", "exitCode", "container", "result", "failure", "retries", "retriedAt", "requeues", "requeuedAt", "createdAt", "modifiedAt", "body") values (15, 2, 'h', 'running', 1767225612000000, 'active', 1767225610000005, 1767225610000011, 1, 0, 0, 0, 604800000000, null, 1767225612000001, 3, 1767225612000000, null, null, null, null, null, 0, null, 0, null, 1767225610000005, 1767225610000005, '{"commandLine":"work"}');
insert into "tasks" ("key", "job", "id", "state", "stateAt", "previousState", "previousAt", "queue", "slots", "nodes", "blocked", "maxRetries", "retention", "affinity", "run", "node", "startedAt", "endedAt", "exitCode", "container", "result", "failure", "retries", "retriedAt", "requeues", "requeuedAt", "createdAt", "modifiedAt", "body") values (16, 2, 'i', 'active', 1767225610000005, null, null, 1767225610000012, 1, 0, 0, 0, 604800000000, null, null, null, null, null, null, null, null, null, 0, null, 0, null, 1767225610000005, 1767225610000005, '{"commandLine":"work"}');
insert into "tasks" ("key", "job", "id", "state", "stateAt", "previousState", "previousAt", "queue", "slots", "nodes", "blocked", "maxRetries", "retention", "affinity", "run", "node", "startedAt", "endedAt", "exitCode", "container", "result", "failure", "retries", "retriedAt", "requeues", "requeuedAt", "createdAt", "modifiedAt", "body") values (17, 2, 'j', 'active', 1767225610000005, null, null, 1767225610000013, 1, 0, 0, 0, 604800000000, null, null, null, null, null, null, null, null, null, 0, null, 0, null, 1767225610000005, 1767225610000005, '{"commandLine":"work"}');
insert into "retained" ("due", "task") values (1767830404000000, 1);
insert into "retained" ("due", "task") values (1767830404000001, 2);
insert into "retained" ("due", "task") values (1767830409000000, 3);
insert into "retained" ("due", "task") values (1767830409000001, 4);
insert into "retained" ("due", "task") values (1767830409000004, 8);
insert into "retained" ("due", "task") values (1767830412000000, 5);
insert into "dependencies" ("job", "parent", "task") values (3, '2', 7);
insert into "satisfied" ("job", "id", "number") values (3, '1', 1);
insert into "numberRuns" ("job", "first", "last") values (3, 1, 1);
insert into "jobSchedules" ("key", "id", "state", "stateAt", "previousState", "previousAt", "createdAt", "modifiedAt", "endedAt", "lastDue", "nextRun", "wakeAt", "runs", "autoPoolId", "body") values (1, 'nightly', 'active', 1767225606000019, null, null, 1767225606000019, 1767225606000019, null, 1767225606000019, 1767312006000019, 1767312006000019, 1, null, '{"schedule":{"recurrenceInterval":"P1D"},"jobSpecification":{"priority":0,"maxParallelTasks":-1,"usesTaskDependencies":false,"allowTaskPreemption":false,"constraints":{"maxWallClockTime":"P10675199DT2H48M5.4775807S","maxTaskRetryCount":0},"poolInfo":{"poolId":"fixed"},"onAllTasksComplete":"noaction","onTaskFailure":"noaction"}}');
insert into "jobNodes" ("key", "job", "id", "poolId", "preparation", "releasing", "run", "prepared", "released", "preparedUntil", "releasedUntil") values (1, 3, 'tvmps_0000000000000000000000000000000000000000000000000000000000000003_d', 'fixed', 'ready', 'none', null, '{"startTime":"2026-01-01T00:00:06.000007Z","endTime":"2026-01-01T00:00:09.000002Z","state":"completed","taskRootDirectory":"workitems/chained/job-1/jobpreparation","exitCode":0,"retryCount":0,"result":"success"}', null, 1767830409000002, null);
insert into "forgotten" ("key", "started", "wallClock", "wait", "retries", "succeeded", "failed", "firstJobAt") values (1, 0, 0, 0, 0, 0, 0, null);
insert into "lifetimes" ("job", "due") values (1, 1782777601000000);
insert into "lifetimes" ("job", "due") values (2, 1782777606000000);
insert into "lifetimes" ("job", "due") values (3, 1782777606000006);
insert into "lifetimes" ("job", "due") values (4, 1782777606000015);
insert into "lifetimes" ("job", "due") values (5, 1782777606000019);
CREATE INDEX poolsInOrder on pools (id collate binary);
CREATE INDEX poolsInTransit on pools (key) where state = 'deleting' or allocationState <> 'steady';
CREATE INDEX poolsWithDeadline on pools (deadline) where deadline is not null;
CREATE INDEX poolsToEvaluate on pools (evaluateAt) where evaluateAt is not null;
CREATE INDEX nodesOfPool on nodes (pool, id);
CREATE INDEX nodesWithFreeSlots on nodes (pool, free desc, id) where free > 0;
CREATE INDEX nodesLeaving on nodes (pool) where state = 'leavingpool' or draining = 'left';
CREATE INDEX nodesDue on nodes (dueAt) where dueAt is not null;
CREATE INDEX nodeNamesGone on nodeNames (key) where gone;
CREATE INDEX jobsInOrder on jobs (place);
CREATE INDEX jobsOfSchedule on jobs (schedule, place) where schedule is not null;
CREATE INDEX jobsOfScheduleOpen on jobs (schedule) where schedule is not null and state <> 'completed';
CREATE INDEX jobsWithWork on jobs (poolId, priority desc, key, least)
    where state = 'active' and ready > 0 and (maxParallel = -1 or running < maxParallel);
CREATE INDEX jobsOfPool on jobs (poolId);
CREATE INDEX jobsPreemptible on jobs (poolId, priority) where preemptible and running > 0;
CREATE INDEX jobsWithManager on jobs (poolId) where managerId is not null;
CREATE INDEX jobsToSettle on jobs (key)
    where state in ('disabling', 'enabling', 'terminating', 'deleting')
      and (state = 'enabling' or running = 0 and ending = 0 or running > 0 and (state <> 'disabling' or disableTasks is not null));
CREATE INDEX jobsToFinish on jobs (key)
    where state = 'active' and onAllComplete = 'terminatejob' and active = 0 and running = 0;
CREATE INDEX jobsWithDeadline on jobs (deadline)
    where deadline is not null and state not in ('terminating', 'completed', 'deleting');
CREATE INDEX tasksInOrder on tasks (job, id collate binary);
CREATE INDEX tasksWaiting on tasks (job, nodes, slots, queue) where state = 'active' and blocked = 0;
CREATE INDEX tasksByState on tasks (job, state, id collate binary, result);
CREATE INDEX tasksByRun on tasks (run) where run is not null;
CREATE INDEX tasksOfNode on tasks (node, startedAt) where node is not null;
CREATE INDEX tasksOnNode on tasks (node) where state in ('preparing', 'running');
CREATE VIEW namedTasks as
    select tasks.*, nodeId, poolId from tasks left join nodeNames on nodeNames.key = tasks.node;
CREATE TRIGGER nodeGone after delete on nodes begin
    update nodeNames set gone = 1 where key = old.key;
    delete from nodeNames where key = old.key and not exists (select 1 from tasks where node = old.key);
  end;
CREATE TRIGGER nodesForgotten after delete on jobs begin
    delete from nodeNames where gone and not exists (select 1 from tasks where node = nodeNames.key);
  end;
CREATE TRIGGER taskAdded after insert on tasks begin
    update jobs set
      active = active + 1,
      activeSlots = activeSlots + new.slots,
      ready = ready + (new.blocked = 0),
      mixed = mixed or new.slots > 1 or new.nodes > 0,
      least = min(least, new.slots),
      touchedAt = max(touchedAt, new.queue)
    where key = new.job;
  end;
CREATE TRIGGER taskMoved after update on tasks
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
CREATE TRIGGER taskTouched after update of modifiedAt on tasks when old.modifiedAt <> new.modifiedAt begin
    update jobs set touchedAt = max(touchedAt, new.modifiedAt) where key = new.job;
  end;
CREATE TRIGGER taskUnblocked after update of blocked on tasks
  when old.bucket = 'active' and (old.blocked = 0) <> (new.blocked = 0) begin
    update jobs set ready = ready + (new.blocked = 0) - (old.blocked = 0) where key = new.job;
  end;
CREATE TRIGGER taskDeleted after delete on tasks begin
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
CREATE INDEX endingsOfJob on endings (job);
CREATE INDEX endingsOfTask on endings (task);
CREATE INDEX endingsOfNode on endings (nodeId);
CREATE INDEX endingsOfDirectory on endings (directory) where directory is not null;
CREATE TRIGGER endingAdded after insert on endings begin
    update tasks set blocked = blocked + 1 where key = new.task;
    update jobs set ending = ending + 1 where key = new.job;
  end;
CREATE TRIGGER endingDisowned after update of job on endings when new.job <> old.job begin
    update jobs set ending = ending - 1 where key = old.job;
  end;
CREATE TRIGGER endingAdopted after update of task on endings when new.task is not null begin
    update tasks set blocked = blocked + 1 where key = new.task;
  end;
CREATE TRIGGER endingOver after delete on endings begin
    update tasks set blocked = blocked - 1 where key = old.task;
    update jobs set ending = ending - 1 where key = old.job;
  end;
CREATE INDEX dependenciesOfTask on dependencies (task);
CREATE UNIQUE INDEX dependencyRangesByFirst on dependencyRanges (job, first, last);
CREATE INDEX dependencyRangesByLast on dependencyRanges (job, last, first);
CREATE INDEX satisfiedByNumber on satisfied (job, number) where number is not null;
CREATE INDEX instancesByRun on instances (run) where run is not null;
CREATE INDEX instancesOfNode on instances (nodeId);
CREATE INDEX jobSchedulesInOrder on jobSchedules (id collate binary);
CREATE INDEX jobSchedulesAwake on jobSchedules (wakeAt) where wakeAt is not null;
CREATE INDEX jobNodesOfNode on jobNodes (id);
CREATE INDEX jobNodesByRun on jobNodes (run) where run is not null;
CREATE INDEX jobNodesByState on jobNodes (job, preparation);
CREATE INDEX jobNodesPrepared on jobNodes (preparedUntil) where preparedUntil is not null;
CREATE INDEX jobNodesReleased on jobNodes (releasedUntil) where releasedUntil is not null;
CREATE INDEX usageByEnd on usage (endAt);
CREATE INDEX usageOfPool on usage (poolId, startAt);
CREATE TRIGGER taskForgotten after delete on tasks when old.startedAt is not null begin
    update forgotten set
      started = started + 1,
      wallClock = wallClock + coalesce(old.endedAt - old.startedAt, 0),
      wait = wait + old.startedAt - old.createdAt,
      retries = retries + old.retries,
      succeeded = succeeded + (old.result is 'success'),
      failed = failed + (old.result is 'failure');
  end;
CREATE TRIGGER jobForgotten after delete on jobs begin
    update forgotten set firstJobAt = min(coalesce(firstJobAt, old.createdAt), old.createdAt);
  end;
CREATE INDEX lifetimesByDue on lifetimes (due);
CREATE INDEX jobsOpen on jobs (key) where state <> 'completed';
