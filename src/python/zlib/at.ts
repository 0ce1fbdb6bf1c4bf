/** The number at an index that is known to be within the array. */
export function at(array: ArrayLike<number>, index: number): number {
  return array[index] as number;
}
