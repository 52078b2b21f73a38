import type { World } from '../world.ts';
import { cancelTask } from './route-tasks.ts';

/** After a restart: the callers of open tasks are gone. */
export function resumeTasks(world: World): void {
  for (const task of Object.values(world.state.taskRouter.tasks)) {
    if (task.status === 'pending' || task.status === 'reserved')
      cancelTask(world, task, 'simulator restarted');
  }
}
