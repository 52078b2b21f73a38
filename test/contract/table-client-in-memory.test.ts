import { createInMemoryTableClient } from '../fakes/in-memory-table-client.ts';
import { describeTableClientContract } from './table-client.contract.ts';

const client = createInMemoryTableClient();

describeTableClientContract('the in-memory fake', () => client);
