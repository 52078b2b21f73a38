import * as z from 'zod';

/** Fields that several requests and answers have. */

/** Printable, no spaces: stands in URLs and log lines. */
export const correlationId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/)
  .describe("Joins the caller's own story; searchable on the timeline. Never a number or a name.");

export const instant = z.iso.datetime({ offset: true });

/** Why an operator does something; kept in the story, so never a number or a name. */
export const operatorReason = z
  .string()
  .max(500)
  .regex(/\S/, 'says nothing')
  .describe('Kept in the story: never a number or a name.');
