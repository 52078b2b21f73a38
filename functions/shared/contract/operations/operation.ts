import type * as z from 'zod';

/** What the OpenAPI description says of a route beside its path, its method and its scope. */
export interface Operation {
  readonly summary: string;
  readonly request?: z.ZodType;
  readonly success: number;
  readonly response: z.ZodType;
  /** Another success than the usual one. */
  readonly other?: { readonly status: number; readonly description: string; readonly response: z.ZodType };
  readonly problems: readonly number[];
  readonly isMutation?: boolean;
  readonly query?: readonly { readonly name: string; readonly description: string }[];
}
