// Shell commands that give a node a Node.js for the task script. A node that has one is left alone; a bare Ubuntu image
// (22.04's own package is too old) gets the official build, in the node's shared directory and nowhere else.

/** Oldest major version of Node.js that runs the task script. */
export const MIN_NODE_MAJOR = 18

const RELEASE = 'https://nodejs.org/dist/latest-v22.x'

/** Puts the Node.js that `ensureNodeCommands` may have installed first on the PATH of this shell. */
export const useNodeCommand = 'export PATH="$AZ_BATCH_NODE_SHARED_DIR/node/bin:$PATH"'

const isThere = `node -e "process.exit(Number(parseInt(process.versions.node) < ${MIN_NODE_MAJOR}))" 2>/dev/null`

const fetchFunction =
  'fetch() { if command -v curl >/dev/null; ' +
  'then curl -fsSL --retry 5 --retry-delay 2 --retry-connrefused -o "$2" "$1"; ' +
  'else wget -q --tries=5 --waitretry=2 -O "$2" "$1"; fi; }'

// The checksum is fetched from the same host: it catches a damaged download, HTTPS vouches for the origin.
const installSteps = [
  'if [ "$(id -u)" != 0 ]; then ' +
    `echo "Node.js ${MIN_NODE_MAJOR} or newer is not on this node, and only root installs it" >&2; exit 1; fi`,
  'arch="$(uname -m | sed "s/x86_64/x64/; s/aarch64/arm64/")"',
  'tmp="$(mktemp -d)"',
  `fetch ${RELEASE}/SHASUMS256.txt "$tmp/SHASUMS256.txt"`,
  'archive="$(grep -o "node-v[0-9.]*-linux-$arch[.]tar[.]gz" "$tmp/SHASUMS256.txt")"',
  `fetch "${RELEASE}/$archive" "$tmp/$archive"`,
  '(cd "$tmp"; grep " $archive$" SHASUMS256.txt | sha256sum -c - >&2)',
  'mkdir -p "$AZ_BATCH_NODE_SHARED_DIR/node"',
  'tar -xzf "$tmp/$archive" --strip-components=1 -C "$AZ_BATCH_NODE_SHARED_DIR/node"',
  // The archive keeps its owner when root unpacks it; tasks of other users must be able to run it.
  'chmod -R go+rX "$AZ_BATCH_NODE_SHARED_DIR/node"',
  'rm -rf "$tmp"',
  // Bash remembers where it found an older one.
  'hash -r',
]

/** Commands of a start task after which `node` is at least version 18; they do nothing where it is already. */
export function ensureNodeCommands(): string[] {
  return [
    useNodeCommand,
    fetchFunction,
    `install_node() { ${installSteps.join('; ')}; }`,
    // Not `isThere || install_node`: the shell would ignore failures inside the function.
    `if ! ${isThere}; then install_node; fi`,
    `if ! ${isThere}; then echo "The Node.js that was installed does not run on this node" >&2; exit 1; fi`,
  ]
}
