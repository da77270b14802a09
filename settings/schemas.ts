import { z } from "zod";

/* The rules of single values: what each kind of setting may be, and how a fault says so. */

export const text = z.string().trim().min(1, "must not be empty");
export const oneOf = <const T extends readonly [string, ...string[]]>(...values: T) => z.enum(values, { error: `must be one of ${values.join(", ")}` });
export const flag = z.enum(["true", "false"], { error: "must be true or false" }).transform((value) => value === "true");
/** Decimal digits alone: JavaScript would read `0x10` and `1e3` too, and the applications would not. */
const decimal = (rule: string, fraction = false) => z.string().regex(fraction ? /^\d+(\.\d+)?$/ : /^\d+$/, rule).transform(Number);
/** A number, whole unless `fraction`, that a condition accepts; `rule` says what is allowed. */
export const number = (rule: string, accepts: (value: number) => boolean, fraction = false) => decimal(rule, fraction).pipe(z.number().refine(accepts, rule));
export const port = number("must be a whole number from 1 to 65535", (value) => value >= 1 && value <= 65535);
export const host = z.string().regex(/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/, "must be a host name (letters, digits, dots, hyphens)");
export const httpUrl = z.url({ protocol: /^https?$/, error: "must be an http:// or https:// URL with a host" });
export const hostList = z
  .string()
  .transform((value) => value.split(",").map((entry) => entry.trim()).filter((entry) => entry !== ""))
  .pipe(z.array(z.string().regex(/^[A-Za-z0-9.*_-]+$/, "must be host names separated by commas")));
export const identifier = z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/, "must be a PostgreSQL identifier: lower case letters, digits, underscores, 63 at most");
/** The applications read the password with a regular expression and do not decode it. */
export const plainPassword = z.string().regex(/^[A-Za-z0-9]{8,128}$/, "must be 8 to 128 letters and digits (the applications do not decode others)");
export const dsn = z
  .string()
  .regex(
    /^postgres(ql)?:\/\/[A-Za-z0-9_.-]+:[A-Za-z0-9]+@[A-Za-z0-9.-]+:\d{1,5}\/[A-Za-z0-9_]+$/,
    "must be postgresql://USER:PASSWORD@HOST:PORT/DATABASE with a password of letters and digits and nothing after the database",
  );
export const redisUrl = z.string().regex(/^rediss?:\/\/([^@/\s]*@)?[A-Za-z0-9.-]+:\d{1,5}\/0$/, "must be redis://[:PASSWORD@]HOST:PORT/0 (the applications use database 0 only)");
export const bootstrap = z.string().regex(/^[A-Za-z0-9.-]+:\d{1,5}(,[A-Za-z0-9.-]+:\d{1,5})*$/, "must be HOST:PORT, several separated by commas");

/** JSON or an already parsed object, as stack configuration gives it. */
export function structured<S extends z.ZodType>(schema: S, allowed: string) {
  return z
    .string()
    .transform((value, context): unknown => {
      try {
        return JSON.parse(value);
      } catch {
        context.addIssue({ code: "custom", message: allowed });
        return z.NEVER;
      }
    })
    .pipe(schema);
}

export const cidr = z.string().regex(/^(10\.\d{1,3}|172\.(1[6-9]|2\d|3[01])|192\.168)\.\d{1,3}\.\d{1,3}\/(1[6-9]|20)$/, "must be a private address range from /16 to /20");
export const subnets = z.array(z.string().regex(/^subnet-[0-9a-z]+$/)).min(3, "must name subnets in three zones");
/** What CloudWatch Logs accepts (PutRetentionPolicy). */
export const retention = { days: [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], rule: "must be a number of days that CloudWatch offers: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, ..." };

export const imageReference = z.string().regex(/^[a-z0-9][a-z0-9._/:@-]*$/, "must be an image reference such as registry.example/team/agent:1.4.2");
export const imageBuild = z.strictObject({
  build: z.strictObject({
    /** Folder on this machine, or a git URL (`https://host/repository.git#ref`). */
    context: z.string().min(1),
    dockerfile: z.string().min(1).default("Dockerfile"),
    target: z.string().min(1).optional(),
    args: z.record(z.string(), z.string()).default({}),
  }),
});

