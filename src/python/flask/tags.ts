/** The tags of Flask's own serializer. Python: `TaggedJSONSerializer.default_tags`. */
const TAGS = [' di', ' t', ' b', ' m', ' u', ' d'] as const;

export type Tag = (typeof TAGS)[number];

export function isTag(key: unknown): key is Tag {
  return (TAGS as readonly unknown[]).includes(key);
}
