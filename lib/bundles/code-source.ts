import { Code } from 'aws-cdk-lib/aws-lambda';
import type { FunctionEntryName } from './function-entries.ts';

/** Where a function's code comes from; bundles in a deployment, a few inline characters where only templates matter. */
export type CodeSource = (entry: FunctionEntryName) => Code;

/** For templates that are read or checked, never deployed. */
export const withoutCode: CodeSource = () => Code.fromInline('exports.handler = async () => undefined;');
