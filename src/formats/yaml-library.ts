import { FAILSAFE_SCHEMA, Type, load } from 'js-yaml';

/** `<<`: https://yaml.org/type/merge.html */
const MERGE = new Type('tag:yaml.org,2002:merge', {
  kind: 'scalar',
  resolve: (key: unknown) => key === '<<',
});

/** A tag of somebody's own, as `!reference`, says nothing of what its value is. */
const ANY_TAG = (['scalar', 'sequence', 'mapping'] as const).map(
  (kind) => new Type('', { kind, multi: true }),
);

const SCHEMA = FAILSAFE_SCHEMA.extend({ implicit: [MERGE], explicit: ANY_TAG });

/** Loaded where there is YAML to read. A key that stands twice has its last value. */
export const parse = (source: string): unknown => load(source, { schema: SCHEMA, json: true });
