// Azurite is always started with --disableTelemetry; nothing of the real package is ever called.
module.exports = {}
