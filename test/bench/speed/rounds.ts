/** Takes turns: A B C, A B C, …, so that what changes on the machine meanwhile meets all of them. */
export async function interleaved<C>(
  contestants: readonly C[],
  rounds: number,
  turn: (contestant: C, round: number) => Promise<number>,
): Promise<Map<C, number[]>> {
  const values = new Map<C, number[]>(contestants.map((contestant) => [contestant, []]));
  for (let round = 0; round < rounds; round++)
    for (const contestant of contestants) values.get(contestant)!.push(await turn(contestant, round));
  return values;
}
