/** Why a property or type may be ignored on one machine. Each is a fact about this platform, not a wish. */
export const REASONS = {
  tags: 'tags are for bills and searches',
  encryption: 'data at rest lies in the state directory, under the rights of its owner',
  permissions: 'no permission is checked on this machine',
  capacity: 'nothing is metered or throttled here',
  recovery: 'a laptop keeps no backups of its state directory',
  protection: 'nothing is deleted but by --fresh',
  oneRegion: 'there is one region here',
  observability: 'alarms, dashboards, metrics and traces need CloudWatch and X-Ray; log lines are files here',
  hardware: 'the function runs on this machine',
  deployment: 'there is one version of everything here',
  network: 'everything is on the loopback interface',
  rotation: 'secrets are rotated by hand here',
  lifecycle: 'objects stay until --fresh',
  metadata: 'it describes, and changes nothing',
  queueFifoDetails: 'fauxqs deduplicates and orders by queue and group',
} as const;
