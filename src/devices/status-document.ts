import * as v from 'valibot';

/** What the app itself says, through its debug hook or `getStatus()`. Times are epoch milliseconds. */
const appStatusSchema = v.looseObject({
  v: v.number(),
  platform: v.string(),
  scheduled: v.pipe(v.boolean(), v.description('A next window is set.')),
  state: v.pipe(v.string(), v.description('The platform’s word for it.')),
  next: v.pipe(v.number(), v.description('Earliest start of the next window, epoch ms; 0: none.')),
  lastRun: v.nullable(
    v.looseObject({
      run: v.string(),
      out: v.string(),
      ts: v.pipe(v.number(), v.description('Its end, epoch ms.')),
      ms: v.pipe(v.number(), v.description('How long it took, ms.')),
      rem: v.pipe(v.number(), v.description('Items that remain; -1: unknown.')),
    }),
  ),
  consecutiveFailures: v.number(),
  openRun: v.nullable(v.string()),
  intervalMinutes: v.pipe(
    v.optional(v.number()),
    v.description('In effect; absent in older builds.'),
  ),
  constraints: v.pipe(
    v.optional(v.array(v.string())),
    v.description('What a window needs, in effect; absent in older builds.'),
  ),
  unmet: v.pipe(v.optional(v.array(v.string())), v.description('What of it is not there now.')),
});

export type AppStatus = v.InferOutput<typeof appStatusSchema>;

const jobSchema = v.object({
  id: v.number(),
  namespace: v.nullable(v.string()),
  worker: v.pipe(v.nullable(v.string()), v.description('The trace tag; null before Android 15.')),
  earliestMs: v.pipe(v.nullable(v.number()), v.description('From now on, ms.')),
  latestMs: v.nullable(v.number()),
  required: v.array(v.string()),
  unsatisfied: v.pipe(v.array(v.string()), v.description('What holds it back.')),
  bucket: v.nullable(v.string()),
  isActive: v.boolean(),
});

const restrictionsSchema = v.pipe(
  v.object({
    batterySaver: v.nullable(v.boolean()),
    background: v.pipe(v.nullable(v.boolean()), v.description('Its background use is restricted.')),
    bucket: v.pipe(v.nullable(v.string()), v.description('ACTIVE … RARE, RESTRICTED, NEVER.')),
  }),
  v.description('What holds all jobs of the app back; null where the device does not tell.'),
);

export const statusSchema = v.object({
  v: v.literal(1),
  platform: v.picklist(['android', 'ios']),
  device: v.string(),
  app: v.string(),
  debuggable: v.pipe(v.nullable(v.boolean()), v.description('null where it is not told.')),
  stopped: v.pipe(v.boolean(), v.description('Force-stopped: Android starts nothing of it.')),
  status: v.pipe(v.nullable(appStatusSchema), v.description('null where the hook did not answer.')),
  restrictions: v.pipe(v.nullable(restrictionsSchema), v.description('null on iOS.')),
  jobs: v.array(jobSchema),
  stops: v.array(v.object({ id: v.number(), agoMs: v.number(), reason: v.string() })),
  notes: v.pipe(v.array(v.string()), v.description('For people: what stands out.')),
});

/** What `bgsync status --json` prints; `bgsync status --schema` prints its JSON schema. */
export type StatusDocument = v.InferOutput<typeof statusSchema>;

/** @returns undefined for text that is not the app's status */
export function parseAppStatus(text: string): AppStatus | undefined {
  try {
    const result = v.safeParse(appStatusSchema, JSON.parse(text));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}
