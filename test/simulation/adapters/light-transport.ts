import {
  type Transport,
  TransportError,
  type TransportResponse,
} from '../../../functions/shared/aws/light/http-transport.ts';
import type { World } from '../world/world.ts';
import { aboutOf, nameOf } from './dynamodb-client.ts';
import type { DynamoDbAnswer, DynamoDbInput } from './dynamodb-engine.ts';
import { actionsOf, canceled, executeDynamoDb } from './dynamodb-engine.ts';

/** The wire under the ingress function's own clients: every try is a request of its own, and retries are theirs. */
export const createLightTransport =
  (world: World): Transport =>
  ({ headers, body, timeoutMilliseconds }) => {
    const operation = (headers['x-amz-target'] ?? '').split('.')[1] ?? '';
    const input = JSON.parse(body) as DynamoDbInput & { readonly SecretId?: string };
    const isSecret = operation === 'GetSecretValue';
    return world.ports.call({
      name: isSecret ? 'get secret' : nameOf(operation, input),
      about: isSecret ? '' : aboutOf(input),
      effect: () => {
        const random = world.random('wire');
        const { faults, coverage } = world;
        const fails = random.chance(isSecret ? faults.secretsUnavailable * 4 : faults.tableThrottled * 4);
        const isLost = random.chance(faults.tableAcknowledgementLost * 2);
        if (fails) coverage.reach(`fault: request of the light client fails: ${operation}`);
        if (fails)
          return random.chance(0.5)
            ? broken(timeoutMilliseconds)
            : { kind: 'value', value: answer(500, { __type: 'InternalServerError' }) };
        if (operation === 'TransactWriteItems' && random.chance(faults.transactionConflict * 4)) {
          coverage.reach('fault: transaction of the light client meets a conflict');
          const reasons = actionsOf(input).map(() => ({ code: 'transaction-conflict' }) as const);
          return { kind: 'value', value: answerOf(canceled(reasons)) };
        }
        const response = isSecret
          ? answer(200, { SecretString: world.twilio.secretText(input.SecretId ?? '') })
          : answerOf(executeDynamoDb(world.store, operation, input));
        if (isLost) coverage.reach('fault: answer to the light client lost');
        return isLost ? broken(timeoutMilliseconds) : { kind: 'value', value: response };
      },
    });
  };

const broken = (after: number) => ({ kind: 'error', error: new TransportError('simulated'), after }) as const;

const answer = (status: number, content: object): TransportResponse => ({
  status,
  body: JSON.stringify(content),
});

const answerOf = (result: DynamoDbAnswer): TransportResponse => {
  if (result.kind === 'output') return answer(200, result.output);
  if (result.kind === 'canceled')
    return answer(400, {
      __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
      CancellationReasons: result.reasons,
    });
  return answer(400, {
    __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
    ...('item' in result && result.item !== undefined ? { Item: result.item } : {}),
  });
};
