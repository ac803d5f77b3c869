// The part of the help that commander cannot know: environment, examples, exit codes.

const EXIT_CODES = `
Exit codes: 0 all is well; 1 the work failed; 2 wrong command line or settings; 3 no such thing; 130 interrupted.`

const AZURE_VARIABLES = `  AZURE_BATCH_ACCOUNT, AZURE_BATCH_ACCESS_KEY (or AZURE_BATCH_ACCOUNT_NAME, AZURE_BATCH_ACCOUNT_KEY),
  AZURE_BATCH_ENDPOINT, AZURE_STORAGE_CONNECTION_STRING`

/** What the help of the program and of its commands says below the flags. */
export const HELP = {
  program: `
Examples:
  malachite run                                    the sample data, on this machine, in a few seconds
  malachite run notes/*.txt --num-words 10
  malachite emulator                               then, in another terminal:
  eval "$(malachite env)"                          Azure Batch clients now use the emulator
  malachite exec -- npm test                       or only those of one command
  malachite logs myjob mytask -f
${EXIT_CODES}`,
  run: `
Environment (for --backend azure, and to find an emulator that is not on the usual ports):
${AZURE_VARIABLES}
  Without a key: Microsoft Entra ID, for example after "az login".

Examples:
  malachite run book.txt --num-words 20 --output-dir results
  malachite run --backend emulator                 needs a running "malachite emulator"
  malachite run *.txt --backend azure --nodes 4 --slots 2 --timeout 1h --delete-pool yes
  malachite run --json | jq .outputs
  malachite run --resume                           the last run of this directory that was killed
  malachite run *.txt --dry-run                    what it would do, down to the command lines
  malachite run *.txt --halt soon,fail=10% --joblog run.tsv
  malachite run --retry-failed                     what the last run has left without a result

--halt is that of GNU parallel. "soon" starts no further task and lets those that run end, "now" ends them as well;
finished results are downloaded and the run is cleaned up as always. A run that was halted ends with exit code 1.

--joblog has the columns of GNU parallel. Host is the node, Send and Receive are the bytes of a task's input and of its
result, Exitval is -1 for a task that failed without an exit code of its own.

--retry-failed begins a new run with the settings of the earlier one, except those that are given: its inputs are those
whose task failed or did not complete, or whose result did not come. That is known for a week after a run.

Ctrl-C deletes what the run has made and lists what it could not delete; a second one ends at once.

A run whose process was killed goes on with --resume: what is uploaded, computed and downloaded stays so. With it only
--backend, --endpointsFile, --timeout, --delete-job, --delete-pool, --json and --verbose can be given. Runs are kept below
XDG_STATE_HOME (default ~/.local/state) until they have ended.
${EXIT_CODES}`,
  emulator: `
Environment:
  MALACHITE_ACCOUNTS="name:key[:key2];..."  accounts with base64 keys instead of devbatchaccount1
  MALACHITE_ACCOUNTS=@FILE                  the same from a file, which is read again when it changes

Quotas: pools, activeJobsAndSchedules, dedicatedCores, lowPriorityCores

Examples:
  malachite emulator
  malachite emulator --location ./state            pools, jobs, tasks and blobs survive a restart
  malachite emulator --batchPort 0 --blobPort 0 --endpointsFile endpoints.json --silent
  malachite emulator --profile azure --timeScale 20  waits as in Azure, at 20 times the speed
  malachite emulator --quota pools=2,dedicatedCores=8
  malachite emulator --detach                      in the background; then: malachite emulator stop
  malachite emulator --cert cert.pem --key key.pem https, which clients want for tokens of Entra ID

Ready when it prints: Batch service is successfully listening at http://127.0.0.1:10003
${EXIT_CODES}`,
  ui: `
Environment (for --backend azure):
${AZURE_VARIABLES}
  Without a key: Microsoft Entra ID, for example after "az login".

Examples:
  malachite ui --backend azure                     only looks
  malachite ui --backend azure --write             can resize, reboot, terminate, delete …, each after a question
  malachite ui --endpointsFile endpoints.json --uiPort 8080

An emulator serves its own: "malachite emulator" prints the address.
${EXIT_CODES}`,
  application: `
Examples:
  malachite emulator --applications ./packages     then, in another terminal:
  malachite application add blender --version 2.79 blender.zip --applications ./packages
  malachite application list --endpointsFile endpoints.json
  malachite application remove blender --version 2.79 --applications ./packages

An application's default version is its highest. A package is unpacked on a node once; its directory is in
AZ_BATCH_APP_PACKAGE_blender_2_79, and in AZ_BATCH_APP_PACKAGE_blender for a reference without a version.
${EXIT_CODES}`,
  simulate: `
Examples:
  printf '0m, 50, 10m\\n2h, 200, 5m\\n' > load.csv        50 tasks at once, 200 more after two hours
  malachite autoscale simulate --formula formula.txt --load load.csv --for 6h --interval 5m
  malachite autoscale simulate --formula formula.txt --load load.csv --svg chart.svg --json | jq .summary

It is the emulator itself, on a clock that does not wait. Nodes are never preempted; metrics of the machines are 0.
${EXIT_CODES}`,
  why: `
Examples:
  malachite why task myjob task7
  malachite why job myjob --json | jq .cause
  malachite why pool mypool
  malachite why node mypool tvmps_0123_d
  malachite why schedule nightly --endpointsFile endpoints.json

Prints three lines: state and code of the cause, the cause in words, what to do about it.
${EXIT_CODES}`,
  preempt: `
Examples:
  malachite preempt mypool                         the first spot node of the pool
  malachite preempt mypool --count 3 --absence 5m  three of them, for five minutes
  malachite preempt mypool tvmps_0123_p
${EXIT_CODES}`,
  fail: `
Examples:
  malachite fail allocation mypool                 its next allocation fails; it need not exist yet
  malachite fail allocation mypool --nodes 1 --times 3 --code AccountCoreQuotaReached
  malachite fail allocation mypool --times 0       no allocation fails after all
  malachite fail node mypool tvmps_0123_d          unusable until it is rebooted
  malachite fail node mypool tvmps_0123_d --lost --recovery 5m
${EXIT_CODES}`,
  resources: `
Examples:
  malachite job list
  malachite task list myjob --filter "state eq 'completed'" --top 20
  malachite task list myjob -o tsv --select id,executionInfo/exitCode | grep -v "0$"
  malachite pool show mypool | jq .currentDedicatedNodes
  malachite pool resize mypool --target-dedicated-nodes 4
  malachite file download myjob task7 wd/result.txt --backend azure

The names of az batch can be given as well: malachite task show --job-id myjob --task-id task7
JSON is the service's own.
${EXIT_CODES}`,
  logs: `
Examples:
  malachite logs myjob task7
  malachite logs myjob task7 -f --stderr
  malachite logs myjob task7 --file wd/progress.log -f

The exit code does not tell how the task ended: that is what "malachite wait" is for.
${EXIT_CODES}`,
  wait: `
Examples:
  malachite wait job myjob --timeout 20m && malachite job delete myjob --yes

Exit codes: 0 all tasks succeeded; 1 tasks failed; 3 no such job; 124 the time is over; 130 interrupted.`,
  exec: `
Examples:
  malachite exec -- npm test
  malachite exec -- pytest -x tests/batch
  malachite exec --profile fast -- ./pipeline.sh

The command sees the variables of "malachite env", and MALACHITE_ENDPOINTS_FILE.

Exit codes: that of the command; 126 it cannot be started; 127 it does not exist; 128+N signal N ended it.`,
  doctor: `
Examples:
  malachite doctor
  malachite doctor --backend azure
  malachite doctor -o json | jq '.findings[] | select(.level == "problem")'
${EXIT_CODES}`,
  clean: `
Examples:
  malachite clean                                  lists them, then asks
  malachite clean --dry-run --backend azure
  malachite clean --yes --older-than 1s
${EXIT_CODES}`,
  completion: `
Examples:
  eval "$(malachite completion bash)"              for this shell; in ~/.bashrc for all
  malachite completion zsh > "\${fpath[1]}/_malachite"
  malachite completion fish > ~/.config/fish/completions/malachite.fish
${EXIT_CODES}`,
  env: `
Variables:
${AZURE_VARIABLES}

Examples:
  eval "$(malachite env)"
  malachite env --shell fish | source
  malachite env --shell powershell | Out-String | Invoke-Expression
  malachite env --shell json --endpointsFile endpoints.json
${EXIT_CODES}`,
}
