export { mergeFields } from './merge';
export type { Fields } from './merge';
export { resultOf, retryAfterMs } from './http';
export type { ResponseLike, ResponseReading } from './http';
export { SyncQueue } from './queue';
export { QueueStoreError } from './store';
export type { KeyStore, QueueStore, Sql, SqlValue } from './store';
export type {
  Applied,
  DeadLetter,
  Mutation,
  NewMutation,
  QueueCounts,
  QueueResult,
  QueueWindow,
  Resolution,
  SendResult,
  SyncQueueOptions,
} from './types';
