/** No colour, and nothing that depends on where the tests run: what is tested is what is written. */
process.env.NO_COLOR = '1';
// Node warns on standard error where both are set.
delete process.env.FORCE_COLOR;
delete process.env.CI;
