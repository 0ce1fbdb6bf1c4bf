/** Types of setup.mjs, which is plain JavaScript because it runs before TypeScript is installed. */

/** The repository. */
export declare const ROOT: string;

export declare class SetupError extends Error {}

export declare function ensureNodeModules(): void;

export declare function ensureEnvironments(names?: readonly string[]): Promise<Map<string, string>>;

export declare function runOrExplain(main: () => Promise<number> | number): Promise<void>;
