/** x^n by multiplications alone: Math.pow may round differently on another host. @param n a whole number, at least 0 */
export function power(x: number, n: number): number {
  let result = 1;
  for (let square = x, left = n; left > 0; left = Math.floor(left / 2), square *= square)
    if (left % 2 === 1) result *= square;
  return result;
}
