import {
  type Transport,
  TransportError,
  type TransportRequest,
  type TransportResponse,
} from '../../../functions/shared/aws/light/http-transport.ts';

/** What one exchange does: an answer, or one of the ways in which none comes. */
export type Exchange = TransportResponse | 'reset' | 'slow';

export const answer = (status: number, content: unknown): TransportResponse => ({
  status,
  body: typeof content === 'string' ? content : JSON.stringify(content),
});

export const refusal = (error: string, status = 400, more: object = {}): TransportResponse =>
  answer(status, {
    __type: `com.amazonaws.dynamodb.v20120810#${error}`,
    message: 'said the engine',
    ...more,
  });

/** Plays exchanges in order under a clock of its own; time passes only by what is slow and by sleeping. */
export class FaultTransport {
  readonly requests: TransportRequest[] = [];
  readonly slept: number[] = [];
  now = Date.parse('2026-03-01T12:00:00.000Z');
  readonly #exchanges: Exchange[];

  constructor(...exchanges: Exchange[]) {
    this.#exchanges = exchanges;
  }

  play(...exchanges: Exchange[]): this {
    this.#exchanges.push(...exchanges);
    return this;
  }

  readonly clock = (): number => this.now;

  readonly sleep = async (milliseconds: number): Promise<void> => {
    this.slept.push(milliseconds);
    this.now += milliseconds;
  };

  readonly transport: Transport = async (request) => {
    this.requests.push(request);
    const exchange = this.#exchanges.shift();
    if (exchange === undefined) throw new Error('an exchange that the test does not expect');
    if (exchange === 'slow') this.now += request.timeoutMilliseconds;
    if (exchange === 'slow' || exchange === 'reset') throw new TransportError(exchange);
    return exchange;
  };
}
