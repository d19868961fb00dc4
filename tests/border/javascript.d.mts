/** What a test in TypeScript uses of `javascript.mjs`. */
export function methodsOf(text: string): Map<string, { types: string[]; isVoid: boolean }>;
