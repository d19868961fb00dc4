/** Loaded where there is XML to read. A bundle gives the names of a CommonJS package to a static import alone. */
export { XmlError, parseXml } from '@rgrove/parse-xml';
