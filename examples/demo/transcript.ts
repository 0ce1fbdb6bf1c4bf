/**
 * What the demo prints: a line for each step that it took.
 *
 * @module
 */

import { styleText } from 'node:util';

/** Standard output, or what stands for it. */
type Out = Pick<NodeJS.WriteStream, 'isTTY' | 'write'>;

export class Transcript {
  readonly #out: Out;
  #ended = false;

  constructor(out: Out) {
    this.#out = out;
  }

  heading(text: string): void {
    this.line(`\n${this.#style('bold', text)}`);
  }

  /** A step that held, and what was seen. */
  passed(step: string, seen: string): void {
    const mark = this.#style('green', '✓');
    this.line(`  ${mark} ${step.padEnd(WIDTH)} ${this.#style('dim', seen)}`);
  }

  /** A step that did not hold, and why. */
  failed(step: string, reason: string): void {
    this.line(`  ${this.#style('red', '✗')} ${step}: ${reason}`);
  }

  line(text: string): void {
    if (!this.#ended) this.#out.write(`${text}\n`);
  }

  /** Prints no more: what fails from now on fails because the demo ends. */
  end(): void {
    this.#ended = true;
  }

  #style(style: 'bold' | 'dim' | 'green' | 'red', text: string): string {
    return this.#out.isTTY && !process.env['NO_COLOR'] ? styleText(style, text) : text;
  }
}

const WIDTH = 46;
