// Numbers as people read them.

export function seconds(value) {
  if (value === null) return "–";
  if (value < 1) return `${Math.round(value * 1000)} ms`;
  return value < 10 ? `${value.toFixed(2)} s` : `${value.toFixed(1)} s`;
}

export function percent(share) {
  const value = 100 * share;
  return `${value >= 99.95 ? 100 : value.toFixed(1)} %`;
}

export function count(number) { return number.toLocaleString("en"); }
