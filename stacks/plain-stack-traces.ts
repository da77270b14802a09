/**
 * Pulumi keeps a formatted stack trace for every promise, and its runner maps each one to TypeScript: more than half of the program's CPU
 * time. Errors of users carry no trace anyway; an unexpected one names the place in the compiled file where it was thrown, and with
 * SOMASTACK_TRACE=1 all of its trace.
 */
Reflect.deleteProperty(Error, "prepareStackTrace");
if (process.env["SOMASTACK_TRACE"] !== "1") Error.stackTraceLimit = 1;
