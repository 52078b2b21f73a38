import * as z from 'zod';
import { type EventBuses, PutEventsRefused } from '../events/event-bus.ts';
import { type ServiceApi, ServiceError } from './service-api.ts';

const putInput = z.looseObject({ Entries: z.unknown() });

export function eventsApi(buses: EventBuses, arnPrefix: string): ServiceApi {
  return {
    'AWSEvents.PutEvents': (input) => {
      try {
        return buses.put(putInput.parse(input).Entries);
      } catch (error) {
        if (error instanceof PutEventsRefused) throw new ServiceError(error.code, error.message);
        throw error;
      }
    },
    'AWSEvents.ListEventBuses': () => ({
      EventBuses: buses.names.map((Name) => ({ Name, Arn: `${arnPrefix}:event-bus/${Name}` })),
    }),
  };
}
