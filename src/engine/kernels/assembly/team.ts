// Threads that share one memory: a barrier between operations, and the place where helpers wait for the next program.

/** Spins before a thread goes to sleep: about 20 µs. */
const spins: i32 = 40000;

/**
 * Waits until all threads have arrived. The two words at `at` count arrivals and generations.
 * Shared state: nothing else may touch them.
 */
export function barrier(at: usize, threads: i32): void {
  if (threads == 1) return;
  const generation = atomic.load<i32>(at + 4);
  if (atomic.add<i32>(at, 1) == threads - 1) {
    atomic.store<i32>(at, 0);
    atomic.store<i32>(at + 4, generation + 1);
    atomic.notify(at + 4, -1);
    return;
  }
  awaitChange(at + 4, generation);
}

/** Waits until the word at `at` is no longer `old`; returns what it is. */
export function awaitChange(at: usize, old: i32): i32 {
  for (let i = 0; i < spins; i++) if (atomic.load<i32>(at) != old) return atomic.load<i32>(at);
  while (atomic.load<i32>(at) == old) atomic.wait<i32>(at, old, -1);
  return atomic.load<i32>(at);
}
