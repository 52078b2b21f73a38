import { tableEnvironmentName } from '../contract/environment.ts';
import { forEveryTable, type TableName } from '../contract/tables.ts';
import type { TableClient } from '../ports/table-client.ts';
import { requireEnvironment } from '../runtime/environment.ts';
import { systemRandomness, systemSleep } from '../runtime/system.ts';
import { createTableClient } from './table-client.ts';
import { createDynamoDbClient } from './table-client-connection.ts';

/** A name that no table has: a use of a table that the function is not bound to fails by this name. */
const NOT_BOUND = 'table-not-bound-to-this-function';

/**
 * The table client of a function that is bound to the tables `used`.
 * @throws EnvironmentError when the name of one of them is not set
 */
export const createFunctionTables = (used: readonly TableName[]): TableClient => {
  const nameOf = (table: TableName): string =>
    used.includes(table) ? requireEnvironment(tableEnvironmentName(table)) : NOT_BOUND;
  return createTableClient({
    client: createDynamoDbClient(),
    tableNames: forEveryTable(nameOf),
    random: systemRandomness,
    sleep: systemSleep,
  });
};
