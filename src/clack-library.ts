/** Loaded with the first question. A bundle gives a dynamic import all that a package has, and a static one what it names. */
export { ConfirmPrompt, SelectPrompt, updateSettings } from '@clack/core';
export { S_RADIO_ACTIVE, S_RADIO_INACTIVE, limitOptions } from '@clack/prompts';
