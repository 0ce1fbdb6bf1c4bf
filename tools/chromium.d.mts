/** Types of chromium.mjs, which is plain JavaScript because it runs before TypeScript is installed. */

/** What a machine without Chromium is told. */
export declare const HOW_TO_GET_CHROMIUM: string;

export declare function findChromium(env?: NodeJS.ProcessEnv): string | undefined;

export declare function ensureChromium(): string | undefined;
