import { isOpen } from "../database/commands.ts";
import type { CommandView } from "../../views/command-model.ts";

/** Who wants to hear of commands: all of them, or the end of one. */
export class Waiters {
  readonly #all = new Set<(changed: CommandView) => void>();
  readonly #byID = new Map<string, Set<() => void>>();

  subscribe(callback: (changed: CommandView) => void): () => void {
    this.#all.add(callback);
    return () => this.#all.delete(callback);
  }

  tell(command: CommandView): void {
    for (const one of this.#all) one(command);
    if (isOpen(command.state)) return;
    for (const wake of this.#byID.get(command.id) ?? []) wake();
    this.#byID.delete(command.id);
  }

  /** Comes back when the command has ended, or after `ms`. `isEnded` is asked once one waits. */
  ended(id: string, ms: number, isEnded: () => boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiting = this.#byID.get(id) ?? new Set<() => void>();
    this.#byID.set(id, waiting);
    const wake = () => {
      clearTimeout(timer);
      waiting.delete(wake);
      if (waiting.size === 0 && this.#byID.get(id) === waiting) this.#byID.delete(id);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    waiting.add(wake);
    if (isEnded()) wake();
    return promise;
  }
}
