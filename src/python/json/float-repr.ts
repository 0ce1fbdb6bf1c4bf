/**
 * How Python spells a float.
 *
 * @module
 */

/** `1.0`, `1e+16`, `1e-05`, `nan`, `inf`. Python: `repr(float)`. */
export function floatRepr(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  // Both languages give the shortest digits that read back alike; only their layout differs.
  const [mantissa = '', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    const sign = exponent < 0 ? '-' : '+';
    return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  const plain = exponent < 0 ? value.toFixed(fractionDigits(mantissa, exponent)) : String(value);
  return plain.includes('.') ? plain : `${plain}.0`;
}

function fractionDigits(mantissa: string, exponent: number): number {
  return mantissa.replace(/[-.]/g, '').length - 1 - exponent;
}
