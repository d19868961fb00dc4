/** Loaded where there is YAML to read. A bundle gives the names of a CommonJS package to a static import alone. */
export { parse } from 'yaml';
