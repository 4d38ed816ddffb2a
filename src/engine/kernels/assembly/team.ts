// Threads that share one memory: a barrier between operations, and the place where helpers wait for the next program.
import { Control } from "./structures";

/** Spins before a thread goes to sleep, at some 0.6 ns: 0.1 ms, longer than the host needs between two steps. */
const spins: i32 = 200000;

/** Waits until all threads have arrived. */
export function barrier(control: Control, threads: i32): void {
  if (threads == 1) return;
  const arrived = changetype<usize>(control), generation = arrived + 4, asleep = arrived + 8;
  const now = atomic.load<i32>(generation);
  if (atomic.add<i32>(arrived, 1) == threads - 1) {
    atomic.store<i32>(arrived, 0);
    atomic.store<i32>(generation, now + 1);
    if (atomic.load<i32>(asleep)) atomic.notify(generation, -1);
    return;
  }
  for (let i = 0; i < spins; i++) if (atomic.load<i32>(generation) != now) return;
  atomic.add<i32>(asleep, 1);
  while (atomic.load<i32>(generation) == now) atomic.wait<i32>(generation, now, -1);
  atomic.sub<i32>(asleep, 1);
}

/** Waits until the word at `at` is no longer `old`; returns what it is. */
export function awaitChange(at: usize, old: i32): i32 {
  for (let i = 0; i < spins; i++) if (atomic.load<i32>(at) != old) return atomic.load<i32>(at);
  while (atomic.load<i32>(at) == old) atomic.wait<i32>(at, old, -1);
  return atomic.load<i32>(at);
}
