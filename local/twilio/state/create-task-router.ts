import { createRandom } from '../domain/random.ts';
import type { TaskRouterState, WorkspaceRecord } from '../domain/task-router/records.ts';
import type { SimulatorSettings, WorkspaceSettings } from '../options.ts';

/** Puts the workspaces of the configuration into the state; what an earlier run has of them stays. */
export function createTaskRouter(settings: SimulatorSettings, now: number, state: TaskRouterState): void {
  for (const account of settings.accounts) {
    for (const workspace of account.taskRouter) {
      if (state.workspaces[workspace.sid]) continue;
      state.workspaces[workspace.sid] = createWorkspace(workspace, {
        accountSid: account.accountSid,
        seed: settings.seed,
        now,
        state,
      });
    }
  }
}

interface Place {
  readonly accountSid: string;
  readonly seed: string | number;
  readonly now: number;
  readonly state: TaskRouterState;
}

function createWorkspace(workspace: WorkspaceSettings, place: Place): WorkspaceRecord {
  const { state, now, seed } = place;
  const shared = { workspaceSid: workspace.sid, createdAt: now };
  const activities = workspace.activities.map(({ friendlyName, available, sid }) => ({
    ...shared,
    friendlyName,
    available,
    sid: sid ?? `WA${createRandom(seed, workspace.sid, 'activity', friendlyName).hex(32)}`,
  }));
  const activitySid = (name: string) =>
    activities.find(({ friendlyName }) => friendlyName === name)?.sid ?? activities[0]?.sid ?? '';
  for (const activity of activities) state.activities[activity.sid] = activity;
  for (const queue of workspace.taskQueues) state.taskQueues[queue.sid] = { ...shared, ...queue };
  for (const { configuration, ...workflow } of workspace.workflows) {
    state.workflows[workflow.sid] = {
      ...shared,
      ...workflow,
      configuration: JSON.stringify(configuration),
    };
  }
  for (const { sid, friendlyName, attributes, activity } of workspace.workers) {
    state.workers[sid] = {
      ...shared,
      sid,
      friendlyName,
      attributes: JSON.stringify(attributes),
      activitySid: activitySid(activity),
      statusChangedAt: now,
      idleSince: now,
    };
  }
  return {
    sid: workspace.sid,
    accountSid: place.accountSid,
    friendlyName: workspace.friendlyName,
    eventCallbackUrl: workspace.eventCallbackUrl ?? '',
    eventsFilter: workspace.eventsFilter,
    defaultActivitySid: activitySid('Offline'),
    timeoutActivitySid: activitySid(workspace.timeoutActivity),
    createdAt: now,
  };
}
