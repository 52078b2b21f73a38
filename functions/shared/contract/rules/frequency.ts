import * as z from 'zod';
import { TrafficClass } from '../settings.ts';

/** How often one person may be written to or called, as data: `config/frequency/`, validated at synth, read by the gate. */
export const FrequencyCap = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{1,60}$/),
  /** `*`, a country (`US`), or a part of one (`US-FL`). */
  jurisdiction: z.string().regex(/^(\*|[A-Z]{2}(-[A-Z0-9]{1,3})?)$/),
  classes: z.array(TrafficClass).min(1),
  channels: z
    .array(z.enum(['sms', 'whatsapp', 'voice']))
    .min(1)
    .default(['sms', 'whatsapp', 'voice']),
  /** At most so many within any stretch of so many seconds. */
  count: z.int().min(1).max(100),
  perSeconds: z
    .int()
    .min(60)
    .max(31 * 86_400),
  source: z.strictObject({ title: z.string().min(1), url: z.url().exactOptional(), read: z.iso.date() }),
});
export type FrequencyCap = z.infer<typeof FrequencyCap>;

export const FrequencyFile = z.strictObject({ caps: z.array(FrequencyCap).min(1) });
export type FrequencyFile = z.infer<typeof FrequencyFile>;

/** What is wrong with the caps of all files together; none: they are fit for use. */
export function frequencyProblems(files: readonly FrequencyFile[]): readonly string[] {
  const ids = files.flatMap(({ caps }) => caps.map(({ id }) => id));
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
  return [...new Set(twice)].map((id) => `${id}: there are two caps of this name`);
}
