/** One figure of a bench, as `name value unit`. */
export const print = (name: string, value: number, unit: string) =>
  console.log(`${name} ${value >= 100 ? Math.round(value) : Number(value.toPrecision(3))} ${unit}`);

export const percentile = (values: number[], share: number) =>
  values.sort((a, b) => a - b)[Math.floor((values.length - 1) * share)]!;
