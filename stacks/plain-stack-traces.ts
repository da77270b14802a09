/**
 * Pulumi formats a stack trace for every promise, and its runner maps each one to TypeScript: about a second of CPU a run.
 * Errors of users carry no trace anyway; an unexpected one names the compiled file.
 */
Reflect.deleteProperty(Error, "prepareStackTrace");
