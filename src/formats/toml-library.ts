/** Loaded where there is TOML to read. A bundle gives the names of a CommonJS package to a static import alone. */
export { parseTOML } from 'toml-eslint-parser';
