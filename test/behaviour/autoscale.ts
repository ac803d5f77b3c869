import { type Chapter, differs, proven } from './rule.ts'

const LANGUAGE = 'emulator/src/autoscale/language.test.ts'
const PARSER = 'emulator/src/autoscale/parser.test.ts'
const SAMPLES = 'emulator/src/autoscale/samples.test.ts'
const DOCUMENTED = 'emulator/src/autoscale/documented.test.ts'
const ENGINE = 'test/engine/autoscale.test.ts'
const PROTOCOL = 'test/protocol/autoscale.test.ts'

const IS = '%s is %s'
const IS_ERROR = '%s is an error'

export const AUTOSCALE: Chapter = {
  title: 'Autoscale',
  sections: {
    'Limits and times': [
      proven('A formula has at most 8192 characters', PARSER, 'a formula has at most 8192 characters'),
      proven('A formula has at most 100 statements', PARSER, 'a formula has at most 100 statements'),
      proven(
        'A formula is evaluated every 15 minutes, or at the pool’s own interval of 5 minutes to 168 hours',
        ENGINE,
        'the interval is 15 minutes unless it is given, and from 5 minutes to 168 hours',
      ),
      proven(
        'An interval out of these bounds is 400',
        PROTOCOL,
        'a new pool with autoscale and %s is refused',
      ),
      proven(
        'A formula that cannot be read is refused with 400 when the pool is added',
        ENGINE,
        'a formula that cannot be read is refused, and no pool is made',
      ),
      proven(
        'A formula that is too long has the code AutoScalingFormulaTooLong',
        PROTOCOL,
        'a new pool with autoscale and %s is refused',
      ),
      differs(
        'Settings that contradict each other are InvalidAutoScalingSettings',
        '`InvalidAutoScalingSettings` never occurs',
      ),
      proven(
        'Enabling on a pool without a formula needs one, and refuses one that cannot be read',
        ENGINE,
        'enabling needs a formula once; later it takes what is to change',
      ),
      proven(
        'A new interval counts from the request; a new formula keeps the times',
        ENGINE,
        'a new interval starts when it is asked for, a new formula keeps the times',
      ),
      proven(
        'Enabling is refused while the pool is being resized',
        ENGINE,
        'autoscale cannot be enabled while the pool is being resized or deleted',
      ),
      proven(
        'Autoscale is enabled at most once in 30 seconds on one pool',
        ENGINE,
        'autoscale can be enabled once in 30 seconds; a request that was refused does not count',
      ),
      proven(
        'The request that comes too early is answered with 503',
        PROTOCOL,
        'enabling twice within 30 seconds is refused; a refused request in between does not count',
      ),
      proven(
        'A pool with a formula has no targets of its own',
        ENGINE,
        'a pool has either targets or a formula',
      ),
    ],
    Evaluation: [
      proven(
        'A new pool takes its first size from the first evaluation',
        ENGINE,
        'a new pool takes its first size from its formula',
      ),
      proven(
        'Enabling autoscale evaluates the formula',
        ENGINE,
        'enabling autoscale evaluates at once and changes the eTag',
      ),
      proven(
        'At each interval the pool gets the size of its formula',
        ENGINE,
        'the size follows the tasks, evaluated at each interval',
      ),
      proven(
        'A pool that is still being resized when its formula is evaluated gets the new targets',
        ENGINE,
        'a pool that is still being resized gets its new targets at once',
      ),
      proven(
        'An evaluation that fails changes nothing of the pool and is told in its last run',
        ENGINE,
        'a formula that fails when it is evaluated leaves the pool as it is and tells why',
      ),
      proven(
        'After an evaluation that failed the next one comes at its time',
        ENGINE,
        'an evaluation that fails later keeps the size that the pool has, and the next one goes on',
      ),
      proven('Trying a formula changes nothing', ENGINE, 'evaluating tries a formula and applies nothing'),
      proven(
        'A formula can only be tried on a pool that has autoscale enabled',
        ENGINE,
        'evaluating needs a pool that has autoscale enabled',
      ),
      proven(
        'Disabling keeps the targets and allows resizes by hand again',
        ENGINE,
        'disabling keeps the size, forgets the formula and lets the pool be resized again',
      ),
      proven(
        'A resize by hand is 409 while autoscale is enabled',
        ENGINE,
        'a pool with a formula refuses to be resized by hand',
      ),
      proven(
        'The option in the formula decides about the tasks of nodes that go',
        ENGINE,
        'the formula says what becomes of the tasks of nodes that go',
      ),
    ],
    'Results and errors': [
      proven(
        'A run has its time and the results, without a semicolon at their end',
        PROTOCOL,
        'evaluating is answered with the run, without an ETag',
      ),
      proven(
        'Results name both targets and the option, then the formula’s variables by name, as they are written',
        LANGUAGE,
        'results name both targets and the option, then the formula’s own variables in alphabetical order',
      ),
      proven(
        'A formula of another program gives the results that were recorded',
        DOCUMENTED,
        'a job splitter’s formula gives the results that the service gave',
      ),
      proven(
        'Truth is written as 1 or 0, times in ISO 8601 with milliseconds',
        DOCUMENTED,
        'a size for working hours',
      ),
      proven(
        'What fails in an evaluation comes with status 200 and the present targets',
        PROTOCOL,
        'what is wrong with a formula that is tried comes with status 200',
      ),
      proven(
        'A symbol that is not defined is an AutoScalingFormulaEvaluationError',
        LANGUAGE,
        'a symbol that nobody has defined is an error at its place',
      ),
      proven(
        'Missing samples are InsufficientSampleData with the place, the wanted and the found percentage',
        SAMPLES,
        'too few samples for the wanted percentage are an error that names the place',
      ),
    ],
    Grammar: [
      proven(
        'Statements end with a semicolon, which the last one may leave out',
        PARSER,
        'a formula is statements between semicolons; the last one may be missing',
      ),
      proven(
        'Line breaks and // comments may stand anywhere between words',
        PARSER,
        'line breaks, blanks and comments separate',
      ),
      proven('A statement may be an expression alone', LANGUAGE, 'the last of two assignments wins'),
      proven(
        'Variables of the service always have their $',
        LANGUAGE,
        'a variable of the service has its $: %s alone is nothing',
      ),
      proven(
        'Own variables are named with or without a $',
        LANGUAGE,
        'an own variable is the one that is written the same, with or without a $',
      ),
      proven(
        'There is no operator %, and what is left open is a syntax error',
        PARSER,
        '%s is a syntax error with its place',
      ),
      proven(
        'Operators of one strength are taken from the left',
        PARSER,
        'operators of equal strength are taken from left to right, however many there are',
      ),
      proven('Precedence, choice, negation, numbers, strings and vectors are as in C', LANGUAGE, IS),
      proven('A second assignment replaces the first', LANGUAGE, 'the last of two assignments wins'),
      proven(
        'Only the chosen side of a choice, && and || is evaluated',
        LANGUAGE,
        'what is not chosen is not evaluated',
      ),
    ],
    'Types and operators': [
      proven('+ - * / work on doubles, and on a vector with a double or with a vector', LANGUAGE, IS),
      proven('Intervals are added, subtracted, and multiplied and divided by doubles', LANGUAGE, IS),
      proven('A timestamp and an interval give a timestamp, two timestamps an interval', LANGUAGE, IS),
      proven('Comparisons of doubles, strings, timestamps and intervals give 1 or 0', LANGUAGE, IS),
      proven('Other pairs of types are errors', LANGUAGE, IS_ERROR),
      proven(
        'The constants of intervals go from zero and 100 ns to a year',
        LANGUAGE,
        'TimeInterval_%s is %s',
      ),
      proven(
        'A timestamp has year, month, day, weekday, hour, minute and second',
        LANGUAGE,
        'time().%s is %s',
      ),
      proven('Monday is weekday 1', LANGUAGE, 'Monday is weekday 1, Sunday 0'),
      proven(
        'A metric without a method is its present value',
        LANGUAGE,
        'a metric by itself is its present value',
      ),
      proven(
        'A target is cut to a whole number, and not below 0',
        LANGUAGE,
        'a target is cut to whole nodes and is never below zero',
      ),
    ],
    Functions: [
      proven(
        'avg, len, max, min, norm, range, std and sum take doubles and vectors as one list',
        LANGUAGE,
        IS,
      ),
      proven('std is that of a sample', LANGUAGE, IS),
      proven('lg, ln and log take a double, or each number of a vector', LANGUAGE, IS),
      proven('ceil, floor and round take a double, or each number of a vector', LANGUAGE, IS),
      proven('percentile and val take a vector and a double; val counts from 0', LANGUAGE, IS),
      proven('rand is from 0 to 1', LANGUAGE, IS),
      proven('time without a text is now; with one it reads ISO 8601 and RFC 1123', LANGUAGE, IS),
      proven('time reads microseconds and refuses nanoseconds', LANGUAGE, IS_ERROR),
      proven('stop ends the evaluation', LANGUAGE, 'stop() ends the formula with what it has set so far'),
    ],
    Variables: [
      proven(
        'Targets begin with their present values',
        LANGUAGE,
        'a target starts as the present one and may be read',
      ),
      proven(
        'Targets have shorter names; when both are set the full one wins',
        LANGUAGE,
        'targets have short names; where both are set the full one counts',
      ),
      proven(
        'The option is requeue, terminate, taskcompletion or retaineddata, as bare words',
        LANGUAGE,
        'the option can be %s',
      ),
      proven('Metrics and constants cannot be set', LANGUAGE, '%s cannot be set'),
      proven('All metrics of the service can be read', LANGUAGE, '%s can be read, itself and its samples'),
      proven('Older names of metrics are understood', LANGUAGE, '%s is the older name of %s'),
      proven(
        '$PendingTasks is $ActiveTasks and $RunningTasks together',
        ENGINE,
        'every 30 seconds a sample is taken of tasks and nodes',
      ),
      proven(
        '$ActiveTasks are those whose dependencies are satisfied',
        ENGINE,
        'only tasks that could run count as active',
      ),
      differs(
        'A deleted task may stay in $PendingTasks for some time',
        'gone from every count and formula at once',
      ),
      proven('Metrics count tasks, not slots', ENGINE, 'samples count tasks, however many slots they take'),
      proven(
        '$SucceededTasks and $FailedTasks count the tasks that are done',
        ENGINE,
        'tasks that succeeded and failed are counted',
      ),
      proven(
        '$CurrentLowPriorityNodes includes the nodes that are preempted',
        ENGINE,
        'preempted nodes count among the spot nodes',
      ),
      differs(
        'What the machines do is measured: $CPUPercent, $MemoryBytes and the like',
        'Metrics of machines',
      ),
    ],
    Samples: [
      proven(
        'A sample is taken every 30 seconds',
        ENGINE,
        'every 30 seconds a sample is taken of tasks and nodes',
      ),
      differs('A sample is seen after about a minute', 'Samples of autoscale formulas'),
      proven(
        'GetSample of a count gives the latest samples',
        SAMPLES,
        'GetSample(count) gives the latest samples, as many as there are',
      ),
      proven(
        'GetSample takes times or intervals before now, in any order, and a percentage',
        SAMPLES,
        'GetSample(%s) gives %i samples',
      ),
      proven(
        'GetSample leaves out what came after its end',
        SAMPLES,
        'GetSample(start, end) leaves out what came after its end',
      ),
      proven(
        'Ten minutes have 20 samples; of 18 of them 95 percent cannot be had, 80 percent can',
        SAMPLES,
        'when the last minute is missing 95 percent fail and 80 succeed',
      ),
      proven(
        'GetSamplePercent, GetSamplePeriod, Count and HistoryBeginTime tell of the samples',
        SAMPLES,
        IS,
      ),
      proven('Without samples the percentage is 0', SAMPLES, 'without samples the percentage is 0'),
      proven('Samples that are not there are an error', SAMPLES, 'without any sample %s is an error'),
    ],
    'Formulas with a known outcome': [
      proven('The formula for Mondays', DOCUMENTED, 'a size for Mondays and one for other days'),
      proven('The formula for working hours', DOCUMENTED, 'a size for working hours'),
      proven(
        'The formula for pending tasks',
        DOCUMENTED,
        'the size follows the pending tasks once there are samples',
      ),
      proven('The formula for parallel tasks', DOCUMENTED, 'several tasks on each node at once'),
      proven('The formula for preempted nodes', DOCUMENTED, 'preempted nodes are replaced by dedicated ones'),
      proven(
        'The formula of a workflow engine',
        DOCUMENTED,
        'a workflow engine’s formula keeps the first size for one interval, then follows the tasks',
      ),
      proven('The formula for processors', DOCUMENTED, 'growth by how busy the processors are'),
    ],
  },
}
