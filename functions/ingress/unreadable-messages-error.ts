/** Listed messages that the grammar of webhooks refuses: an operator must see them, the failed invocation says so. */
export class UnreadableMessagesError extends Error {
  override readonly name = 'UnreadableMessagesError';
  readonly retryable = false;

  constructor(messages: number) {
    super(`${messages} listed inbound messages cannot be read`);
  }
}
