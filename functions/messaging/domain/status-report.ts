/** One report of Twilio: a status word, with what came with it. */
export type StatusReport = {
  readonly status: string;
  /** Twilio error code; messages. */
  readonly errorCode?: number;
  /** The carrier's answer, where a call has ended; calls. */
  readonly sipResponseCode?: number;
  /** Position among the callbacks of a call; calls. */
  readonly sequenceNumber?: number;
};

/** The projection of a set of reports. */
export type StatusView = {
  readonly state: string;
  readonly errorCode?: number;
  readonly sipResponseCode?: number;
};

export interface StatusJoin {
  /** The set after the join, in canonical order. */
  readonly reports: readonly StatusReport[];
  readonly view: StatusView;
  /** False if the set had the report already: nothing needs to be written. */
  readonly isNew: boolean;
  /** Whether the projection changed. */
  readonly changed: boolean;
  /** What the report changed, or why it changed nothing. */
  readonly explanation: string;
}
