import * as z from 'zod';
import { Health } from '../api/service.ts';
import type { Operation } from './operation.ts';

export const SERVICE_OPERATIONS = {
  describeApi: { summary: 'This description', success: 200, response: z.object({}), problems: [] },
  health: { summary: 'Whether the API answers', success: 200, response: Health, problems: [] },
} as const satisfies Record<string, Operation>;
