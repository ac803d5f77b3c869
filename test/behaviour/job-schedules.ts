import { type Chapter, proven } from './rule.ts'

const SCHEDULES = 'test/engine/job-schedules.test.ts'
const PROTOCOL = 'test/protocol/job-schedules.test.ts'
const RECURRENCE = 'emulator/src/engine/jobs/recurrence.test.ts'

export const JOB_SCHEDULES: Chapter = {
  title: 'Job schedules',
  sections: {
    'States and operations': [
      proven(
        'A disabled schedule makes no jobs while the one it made goes on',
        SCHEDULES,
        'a disabled schedule lets its job go on but makes no other until it is enabled',
      ),
      proven(
        'A terminated schedule makes no jobs; its active one ends with a reason of its own',
        SCHEDULES,
        'terminating ends the active job, then the schedule is completed',
      ),
      proven(
        'A schedule is terminating until its job is completed',
        SCHEDULES,
        'a terminating schedule waits for the processes of its job',
      ),
      proven(
        'A schedule that is deleted takes its jobs and their tasks along',
        SCHEDULES,
        'deleting takes all jobs and tasks with it',
      ),
      proven(
        'With force, since 2024-07-01.20.0, neither waits for nodes',
        SCHEDULES,
        'with force neither terminating nor deleting waits for processes',
      ),
      proven(
        'A schedule that does not exist is told so',
        PROTOCOL,
        'a schedule that does not exist is told so by every operation',
      ),
      proven(
        'Ids that a job or a schedule has are refused, each with its code',
        PROTOCOL,
        'ids are unique among jobs and job schedules',
      ),
      proven(
        'A disabled schedule that is disabled again is 409 JobScheduleDisabled',
        PROTOCOL,
        'disable and enable are done when they are answered',
      ),
      proven(
        'A schedule that is terminating refuses to be terminated with JobScheduleBeingTerminated',
        SCHEDULES,
        'terminating ends the active job, then the schedule is completed',
      ),
      proven(
        'A schedule that is being deleted refuses another deletion, and its id, with JobScheduleBeingDeleted',
        SCHEDULES,
        'deleting takes all jobs and tasks with it',
      ),
      proven('A completed schedule refuses changes', SCHEDULES, '%s on a completed schedule is refused'),
    ],
    Times: [
      proven(
        'Without times one job is made at once, and the schedule is completed when that is',
        SCHEDULES,
        'a schedule without times makes its job at once and is completed when that is',
      ),
      proven(
        'No job is made before doNotRunUntil',
        SCHEDULES,
        'before doNotRunUntil there is no job, only the time of the next one',
      ),
      proven(
        'nextRunTime is gone when no other job is to come',
        SCHEDULES,
        'after doNotRunAfter the schedule is completed as soon as no job is active',
      ),
      proven(
        'nextRunTime is when the next job is due',
        SCHEDULES,
        'before doNotRunUntil there is no job, only the time of the next one',
      ),
      proven(
        'A completed schedule tells its endTime',
        SCHEDULES,
        'without an active job the schedule is completed by doNotRunAfter itself',
      ),
      proven(
        'Once doNotRunAfter has passed and no job is active, the schedule is completed',
        SCHEDULES,
        'after doNotRunAfter the schedule is completed as soon as no job is active',
      ),
      proven(
        'Without an active job doNotRunAfter itself completes the schedule',
        SCHEDULES,
        'without an active job the schedule is completed by doNotRunAfter itself',
      ),
      proven(
        'The window and the interval are at least a minute, and times are real ones',
        SCHEDULES,
        'a schedule of %o is refused',
      ),
      proven('Times are told in UTC', SCHEDULES, 'times are answered in UTC without trailing zeros'),
      proven(
        'The interval lies between the starts of successive jobs',
        SCHEDULES,
        'a nightly schedule makes one job each night, always at the same time',
      ),
      proven(
        'A recurring schedule without an end goes on',
        SCHEDULES,
        'a recurring schedule begins with its creation and goes on by its interval',
      ),
      proven(
        'A job that a schedule without recurrence could not make within its window is never made',
        SCHEDULES,
        'a job that is not made within the window of a schedule without recurrence is never made',
      ),
      proven(
        'A schedule without recurrence stays active as long as its job',
        SCHEDULES,
        'a schedule without recurrence stays active as long as nobody ends its job',
      ),
    ],
    'Jobs of a schedule': [
      proven(
        'One job is active at a time; the next one that is due waits for its end',
        SCHEDULES,
        'while a job is active no other is made; the one that was due follows at once',
      ),
      proven(
        'A job that cannot start within its window is left out',
        SCHEDULES,
        'a job that could not start within the window is left out',
      ),
      proven(
        'A window longer than the interval never closes',
        RECURRENCE,
        'a window longer than the interval is like none',
      ),
      proven(
        'Of jobs that were missed one is made up for',
        SCHEDULES,
        'a week after the emulator was stopped there is one job to catch up with, not seven',
      ),
      proven(
        'The schedule names its latest job, with its URL',
        PROTOCOL,
        'the first job of a schedule that is due is there by the first GET',
      ),
      proven(
        'Each job has the job manager of the specification, whose end makes room for the next job',
        SCHEDULES,
        'each job has a job manager of its own, whose end is the end of the job',
      ),
      proven(
        'The jobs of a schedule can be listed by themselves',
        PROTOCOL,
        'the jobs of a schedule are listed like jobs',
      ),
      proven(
        'The tasks of each job have a directory below that of the schedule',
        SCHEDULES,
        'the jobs run their tasks in directories of their own',
      ),
    ],
    Updates: [
      proven('An update is for later jobs', SCHEDULES, 'an update is for the jobs that come later'),
      proven(
        'The recurrence can change while a job is active',
        SCHEDULES,
        'a patch may change the recurrence while a job is active',
      ),
      proven(
        'A PUT replaces all that can be changed',
        SCHEDULES,
        'a put replaces schedule, specification and metadata; the next job follows the new interval',
      ),
      proven(
        'A PUT without a schedule means one job now',
        SCHEDULES,
        'a put without times means one job, at once',
      ),
      proven(
        'A PATCH replaces only the parts of a schedule that it names',
        PROTOCOL,
        'PATCH replaces what it names, PUT everything',
      ),
    ],
  },
}
