// The part of the help that commander cannot know: environment, examples, exit codes.

const EXIT_CODES = `
Exit codes: 0 all is well; 1 the work failed; 2 wrong command line or settings; 130 interrupted.`

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

Ctrl-C deletes what the run has made and lists what it could not delete; a second one ends at once.
${EXIT_CODES}`,
  emulator: `
Environment:
  MALACHITE_ACCOUNTS="name:key[:key2];..."  accounts with base64 keys instead of devbatchaccount1

Examples:
  malachite emulator
  malachite emulator --location ./state            pools, jobs, tasks and blobs survive a restart
  malachite emulator --batchPort 0 --blobPort 0 --endpointsFile endpoints.json --silent

Ready when it prints: Batch service is successfully listening at http://127.0.0.1:10003
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
